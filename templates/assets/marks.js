// The reader's switch: all marks, quotes only, or none, remembered. It and the share menu lie before
// this script as text and are put in their place before anything below them is there to be moved.
{
  const doc = document, controls = doc.currentScript.previousElementSibling
  controls.outerHTML = controls.textContent
  let marks = "all"
  try { marks = localStorage.marks || marks } catch {}
  const show = () => {
    doc.documentElement.dataset.marks = marks
    for (const input of doc.querySelectorAll(".switch input")) input.checked = input.value == marks
    for (const link of doc.querySelectorAll("a.e")) link.tabIndex = -(marks != "all")
  }
  show()
  addEventListener("DOMContentLoaded", show)
  addEventListener("change", ({ target }) => {
    if (target.name != "marks") return
    marks = target.value
    show()
    try { localStorage.marks = marks } catch {}
  })
}
