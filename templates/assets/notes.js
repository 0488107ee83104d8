// Notes open natively where the browser knows `interestfor`; elsewhere this does the same.
(() => {
  const doc = document, root = doc.documentElement
  const native = "interestForElement" in HTMLAnchorElement.prototype
  const control = (node) => node.closest?.("[interestfor]")
  const noteOf = (link) => doc.getElementById(link.getAttribute("interestfor"))
  const opened = () => [...doc.querySelectorAll(".note:popover-open")]
  const hidden = (link) => root.dataset.marks == "off" || (root.dataset.marks == "quotes" && link.matches(".e"))
  const sources = new Map()
  let timer, pointer

  const open = (link) => {
    const note = noteOf(link)
    if (note.matches(":popover-open") || hidden(link)) return
    sources.set(note, link)
    note.showPopover({ source: link })
  }

  const on = (type, act) => doc.addEventListener(type, act, true)

  // Over a control its note opens; over a note, it and those it came from stay; elsewhere they close.
  const approach = ({ target, pointerType }) => {
    if (pointerType == "touch" || !target.closest) return
    clearTimeout(timer)
    const link = control(target)
    if (link && (pointerType || link.matches(":focus-visible")) && !noteOf(link).matches(":popover-open"))
      timer = setTimeout(open, opened().length ? 80 : 350, link)
    else timer = setTimeout(() => {
      const kept = new Set()
      for (let note = link ? noteOf(link) : target.closest(".note"); note; note = sources.get(note)?.closest(".note")) kept.add(note)
      for (const note of opened()) if (!kept.has(note)) note.hidePopover()
    }, 300)
  }
  if (!native) {
    on("pointerover", approach)
    on("focusin", approach)
  }
  on("interest", (event) => hidden(event.source) && event.preventDefault())

  on("pointerdown", (event) => (pointer = event.pointerType))
  on("click", (event) => {
    const link = control(event.target)
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
    if (link.matches(".ref") || pointer == "touch") {
      event.preventDefault()
      open(link)
    }
  })

  // The list keeps its height while a note is away.
  on("beforetoggle", ({ target, newState }) => {
    if (target.matches(".note")) target.parentNode.style.minHeight = newState == "open" ? target.parentNode.offsetHeight + "px" : ""
  })
  on("toggle", ({ target, newState }) => {
    for (const link of doc.querySelectorAll(`[interestfor="${target.id}"]`)) link.ariaExpanded = newState == "open"
  })

  try { root.dataset.marks = localStorage.marks || "all" } catch { root.dataset.marks = "all" }
  on("change", ({ target }) => {
    if (target.name != "marks") return
    root.dataset.marks = target.value
    try { localStorage.marks = target.value } catch {}
  })
  on("DOMContentLoaded", () => {
    for (const link of doc.querySelectorAll("[interestfor]")) link.ariaExpanded = false
    const marks = doc.querySelector(".switch")
    if (!marks) return
    marks.hidden = false
    marks.querySelector(`[value=${root.dataset.marks}]`).checked = true
  })
})()
