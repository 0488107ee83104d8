// The notes, the table of sources as a panel, following a source, and the way to the share menu.
const doc = document
const all = (query, within = doc) => [...within.querySelectorAll(query)]
const at = (id) => doc.getElementById(id)
const on = (type, act) => doc.addEventListener(type, act, true)
// What is open, the last opened last.
let opened = []
// The pieces of a passage that a link leads to.
const marked = ({ hash }, id = hash.slice(1)) => all(`[id="${id}"], [data-mark="${id}"]`)

// Notes open where browsers cannot do it alone, and on a tap or click.
const { dataset } = doc.documentElement
const noteOf = (link) => at(link.getAttribute("interestfor"))
const notes = () => opened.filter((one) => one.matches(".note"))
// In a note only the pointer opens another: where two disputed each other, Tab would never get out.
const off = (link) => link.matches(".note :focus-visible") || dataset.marks == "off" || dataset.marks == "quotes" && link.matches(".e")
let timer, pointer, place, quiet = 0

const open = (link) => {
  const note = noteOf(link)
  if (opened.includes(note) || off(link)) return
  note.from = link
  note.showPopover({ source: link })
}
// All but this note and those it came from.
const close = (note) => {
  const kept = []
  for (; note; note = note.from?.closest(".note")) kept.push(note)
  for (note of notes()) kept.includes(note) || note.hidePopover()
}
// What scrolls or closes under a resting pointer was not pointed at.
const moved = ({ screenX, screenY }) => place != (place = screenX + "," + screenY)
const near = ({ target, pointerType, timeStamp }) => {
  if (pointerType == "touch" || !target.closest || timeStamp < quiet) return
  clearTimeout(timer)
  const link = target.closest("[interestfor]"), note = link ? noteOf(link) : target.closest(".note")
  timer = link && !opened.includes(note) && (pointerType || link.matches(":focus-visible"))
    ? setTimeout(open, notes().length ? 80 : 350, link)
    : setTimeout(close, 300, note)
}
if (!("interestForElement" in HTMLAnchorElement.prototype)) {
  on("pointerover", (event) => moved(event) && near(event))
  on("pointermove", moved)
  on("focusin", near)
}
on("interest", (event) => (off(event.source) || event.timeStamp < quiet) && event.preventDefault())
// Esc also stops the note that was about to open. Of several it closes the last; Firefox, all.
on("keydown", (event) => {
  if (event.key != "Escape") return
  clearTimeout(timer)
  quiet = event.timeStamp + 500
  if (opened[1]) event.preventDefault(), opened.pop().hidePopover()
})
on("pointerdown", (event) => pointer = event.pointerType)
on("toggle", ({ target, newState }) => {
  const is = newState == "open"
  for (const link of all(`[interestfor="${target.id}"]`)) link.ariaExpanded = is
  for (const back of all("[role=doc-backlink]", target))
    marked(back).forEach(({ classList }) => classList.toggle("lit", is))
})
for (const link of all("[interestfor]")) {
  link.ariaExpanded = false
  link.setAttribute("aria-details", noteOf(link).id)
}

// The table of sources, and following one of them.
const make = (tag, fields) => Object.assign(doc.createElement(tag), fields)
const closeAll = () => [...opened].forEach((one) => one.hidePopover())
// What a passage says, without the numbers of the notes in it.
const words = (link) => marked(link).map((mark) => {
  const copy = mark.cloneNode(true)
  for (const ref of all(".ref, .footnote-ref", copy)) ref.remove()
  return copy.textContent
}).join(" … ")
for (const controls of all("[type='text/html']")) controls.outerHTML = controls.textContent
const who = at("who"), bar = at("follow"), [status, back, next, end] = bar.children
let name, followed = [], now, sharing

const step = (by) => {
  now = (now + by + followed.length) % followed.length
  followed.forEach((said, index) => marked(said).forEach(({ classList }) => {
    classList.add("on")
    classList.toggle("now", index == now)
  }))
  marked(followed[now])[0].scrollIntoView({ block: "center" })
  status.textContent = `${name}, ${now + 1} ${bar.dataset.of} ${followed.length}: ${words(followed[now])}`
}
const stop = () => {
  all(".on").forEach(({ classList }) => classList.remove("on", "now"))
  bar.hidden = true
}
const leave = () => {
  stop()
  doc.querySelector(`.ref[href="#n${followed[now].parentNode.value}"]`).focus()
}
back.onclick = () => step(-1)
next.onclick = () => step(1)
end.onclick = leave
on("keydown", ({ key, target }) => {
  if (bar.hidden) return
  if (key == "Escape") opened[0] || leave()
  // From right to left what lies on the left comes next.
  else if (/wL|wR/.test(key) && bar.contains(target)) step(/wL/.test(key) == bar.matches(":dir(rtl)") || -1)
})
// An open note has no need of the way back, but of a link to its passage.
for (const back of all(".note [role=doc-backlink]"))
  back.after(make("a", { className: "share", href: back.hash, textContent: bar.dataset.link }))
// A control for each source, in its row and in its notes.
for (const row of all("#who tbody tr")) {
  const source = row.cells[0].firstChild.textContent, { follow } = bar.dataset
  const onclick = () => {
    stop()
    closeAll()
    name = source
    followed = all("li a", row)
    now = 0
    bar.hidden = false
    next.focus()
    step(0)
  }
  for (const place of [row.cells[0], ...all("li", row).map(({ value }) => at("n" + value))])
    place.append(make("button", { textContent: follow, ariaLabel: follow + ": " + source, onclick }))
}

// An open note would be printed over the text and missing from the list where it belongs.
addEventListener("beforeprint", closeAll)
on("click", (event) => {
  const control = event.target.closest("a, button")
  if (!control || event.ctrlKey || event.metaKey) return
  if (control.matches(".share")) {
    // The menu is another script, for those who want it.
    sharing ??= new Promise((onload) => doc.head.append(make("script", { src: doc.querySelector(".share").dataset.menu, onload })))
    sharing.then(() => dispatchEvent(new CustomEvent("share", { detail: control })))
  } else if (control.hash == "#who") who.showPopover({ source: control })
  else if (control.matches(pointer == "touch" ? "[interestfor]" : ".ref")) control.scrollIntoView({ block: "nearest" }), open(control)
  else return control.closest(".note, .panel") && closeAll()
  event.preventDefault()
})

// What stands in a closed note or panel is reached by opening it, and is no stop for Tab.
const stops = (popover, tabIndex) => all("a, button", popover).forEach((stop) => stop.tabIndex = tabIndex)
on("beforetoggle", ({ target, newState }) => {
  const home = target.parentNode, is = newState == "open"
  opened = opened.filter((one) => one != target)
  if (is) opened.push(target)
  home.style.minHeight = is ? getComputedStyle(home).height : ""
  stops(target, is - 1)
})
for (const popover of all("[popover]")) stops(popover, -1)
