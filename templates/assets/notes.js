// Opens notes where browsers cannot, and on a tap or click.
{
  const doc = document, { dataset } = doc.documentElement
  const all = (query) => [...doc.querySelectorAll(query)]
  const on = (type, act) => doc.addEventListener(type, act, true)
  const control = (node) => node.closest?.("[interestfor]")
  const noteOf = (link) => doc.getElementById(link.getAttribute("interestfor"))
  const opened = () => all(".note:popover-open")
  const off = (link) => dataset.marks == "off" || dataset.marks == "quotes" && link.matches(".e")
  const from = new Map()
  let timer, pointer, quiet = 0

  const open = (link) => {
    const note = noteOf(link)
    if (opened().includes(note) || off(link)) return
    from.set(note, link)
    note.showPopover({ source: link })
  }
  // All but this note and those it came from.
  const close = (note) => {
    const kept = []
    for (; note; note = from.get(note)?.closest(".note")) kept.push(note)
    for (note of opened()) kept.includes(note) || note.hidePopover()
  }
  const approach = ({ target, pointerType, timeStamp }) => {
    if (pointerType == "touch" || !target.closest || timeStamp < quiet) return
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
  on("interest", (event) => (off(event.source) || event.timeStamp < quiet) && event.preventDefault())
  // Esc also stops the note that was about to open.
  on("keydown", ({ key, timeStamp }) => {
    if (key == "Escape") clearTimeout(timer), quiet = timeStamp + 500
  })
  on("pointerdown", (event) => pointer = event.pointerType)
  on("click", (event) => {
    const link = control(event.target)
    if (!link || event.ctrlKey || event.metaKey || !link.matches(".ref") && pointer != "touch") return
    event.preventDefault()
    open(link)
  })
  on("toggle", ({ target: { id }, newState }) => {
    const is = newState == "open"
    for (const link of all(`[interestfor="${id}"]`)) link.ariaExpanded = is
    for (const link of all(`[data-mark="m${id.slice(1)}"]`)) link.classList.toggle("lit", is)
  })
  for (const link of all("[interestfor]")) {
    link.ariaExpanded = false
    link.setAttribute("aria-details", noteOf(link).id)
  }
}
