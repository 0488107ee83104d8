// Both ends of a frame: the card says how high it is, and the page around makes its frame so high.
// Pages of other sites name this file, so it stays at its address.
{
  const key = "postil-height", { origin } = new URL(document.currentScript.src)
  if (parent != window) {
    const tell = () => parent.postMessage({ [key]: document.documentElement.offsetHeight }, "*")
    new ResizeObserver(tell).observe(document.documentElement)
    addEventListener("hashchange", tell)
  }
  // Only a frame of this very site is believed, and only about itself.
  addEventListener("message", ({ data, source, origin: from }) => {
    const height = data?.[key]
    if (from != origin || !(height > 0 && height < 5000)) return
    for (const frame of document.querySelectorAll("iframe"))
      if (frame.contentWindow == source) frame.height = Math.ceil(height)
  })
}
