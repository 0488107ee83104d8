// The table of sources as a panel, following one of them, and the share menu.
{
  const doc = document
  const at = (id) => doc.getElementById(id)
  const all = (query, within = doc) => [...within.querySelectorAll(query)]
  const on = (type, act) => doc.addEventListener(type, act, true)
  const opened = () => all(":popover-open")
  const close = () => opened().forEach((open) => open.hidePopover())
  const marked = ({ hash }) => all(`[data-mark="${at(hash.slice(1))?.dataset.mark}"]`)
  const words = (marks) => marks.map((mark) => mark.textContent).join(" … ")
  const who = at("who"), bar = at("follow"), menu = at("share")
  const [status, back, next, end] = bar.children, [link, mail, send] = menu.children
  let name, followed = [], now

  const step = (by) => {
    now = (now + by + followed.length) % followed.length
    followed.forEach((marks, index) => marks.forEach(({ classList }) => {
      classList.add("on")
      classList.toggle("now", index == now)
    }))
    followed[now][0].scrollIntoView({ block: "center" })
    status.textContent = `${name}, ${now + 1} ${bar.dataset.of} ${followed.length}: ${words(followed[now])}`
  }
  const stop = () => {
    for (const { classList } of followed.flat()) classList.remove("on", "now")
    bar.hidden = true
  }
  const leave = () => {
    stop()
    at("r" + followed[now][0].dataset.mark.slice(1)).focus()
  }
  back.onclick = () => step(-1)
  next.onclick = () => step(1)
  end.onclick = leave
  on("keydown", ({ key, target }) => {
    if (bar.hidden) return
    if (key == "Escape") opened()[0] || leave()
    else if (bar.contains(target)) key == "ArrowLeft" ? step(-1) : key == "ArrowRight" && step(1)
  })
  // A control for each source, in its row and in its notes.
  for (const row of all("#who tbody tr")) {
    const source = row.cells[0].firstChild.textContent
    for (const place of [row.cells[0], ...all("li", row).map(({ value }) => at("n" + value))]) {
      const button = doc.createElement("button")
      button.textContent = bar.dataset.follow
      button.ariaLabel = `${bar.dataset.follow} ${source}`
      button.onclick = () => {
        stop()
        close()
        name = source
        followed = all("li a", row).map(marked)
        now = 0
        bar.hidden = false
        next.focus()
        step(0)
      }
      place.append(button)
    }
  }

  // An open note would be printed over the text and missing from the list where it belongs.
  addEventListener("beforeprint", close)
  send.hidden = !navigator.share
  on("click", (event) => {
    const control = event.target.closest("a, button")
    if (!control || event.ctrlKey || event.metaKey) return
    if (control.matches(".share")) {
      link.href = control.href
      mail.href = mail.href.split("&")[0] + "&body=" + encodeURIComponent(words(marked(control)) + "\n" + link.href)
      menu.showPopover({ source: control })
    } else if (control == link) {
      navigator.clipboard.writeText(link.href).then(() => link.className = "done")
    } else if (control == send) navigator.share({ title: doc.title, url: link.href })
    else if (control.hash == "#who") who.showPopover({ source: control })
    else return who?.contains(control) && close()
    event.preventDefault()
  })

  // What stands in a closed note or panel is reached by opening it, and is no stop for Tab.
  const stops = (popover, tabIndex) => all("a, button", popover).forEach((stop) => stop.tabIndex = tabIndex)
  on("beforetoggle", ({ target, newState }) => {
    const { style, offsetHeight } = target.parentNode, is = newState == "open"
    style.minHeight = is ? offsetHeight + "px" : ""
    stops(target, is - 1)
    link.className = ""
  })
  for (const popover of all("[popover]")) stops(popover, -1)
}
