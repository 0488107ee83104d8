// Opens notes where the browser knows no `interestfor`, and on a tap or click.
{
  const doc = document, root = doc.documentElement, all = (query) => [...doc.querySelectorAll(query)]
  const on = (type, act) => doc.addEventListener(type, act, true)
  const control = (node) => node.closest?.("[interestfor]")
  const noteOf = (link) => doc.getElementById(link.getAttribute("interestfor"))
  const opened = () => all(".note:popover-open")
  const off = (link) => root.dataset.marks == "off" || root.dataset.marks == "quotes" && link.matches(".e")
  const from = new Map()
  let timer, pointer

  const open = (link) => {
    const note = noteOf(link)
    if (opened().includes(note) || off(link)) return
    from.set(note, link)
    note.showPopover({ source: link })
  }
  // Elsewhere than on a note and those it came from, open notes close.
  const close = (note) => {
    const kept = []
    for (; note; note = from.get(note)?.closest(".note")) kept.push(note)
    for (note of opened()) kept.includes(note) || note.hidePopover()
  }
  const approach = ({ target, pointerType }) => {
    if (pointerType == "touch" || !target.closest) return
    clearTimeout(timer)
    const link = control(target), note = link ? noteOf(link) : target.closest(".note")
    timer = link && !opened().includes(note) && (pointerType || link.matches(":focus-visible"))
      ? setTimeout(open, opened().length ? 80 : 350, link)
      : setTimeout(close, 300, note)
  }
  if (!("interestForElement" in HTMLAnchorElement.prototype)) {
    on("pointerover", approach)
    on("focusin", approach)
  }
  on("interest", (event) => off(event.source) && event.preventDefault())
  on("pointerdown", (event) => pointer = event.pointerType)
  on("click", (event) => {
    const link = control(event.target)
    if (!link || event.ctrlKey || event.metaKey || !link.matches(".ref") && pointer != "touch") return
    event.preventDefault()
    open(link)
  })
  // The list keeps the height of a note that is away.
  on("beforetoggle", ({ target, newState }) => {
    const item = target.parentNode
    item.style.minHeight = newState == "open" ? item.offsetHeight + "px" : ""
  })
  on("toggle", ({ target, newState }) => {
    for (const link of all(`[interestfor="${target.id}"]`)) link.ariaExpanded = newState == "open"
  })
  for (const link of all("[interestfor]")) link.ariaExpanded = false
}
