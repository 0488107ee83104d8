// The reader's switch: all marks, quotes only, or none, remembered. It and the share menu lie before
// this script as text and are put in their place before anything below them is there to be moved.
{
  const controls = document.currentScript.previousElementSibling
  controls.outerHTML = controls.textContent
  const show = (value) => {
    document.documentElement.dataset.marks = value
    for (const input of document.querySelectorAll(".switch input")) input.checked = input.value == value
    for (const link of document.querySelectorAll("a.e")) link.tabIndex = value == "all" ? 0 : -1
  }
  const remembered = () => {
    try { return localStorage.marks || "all" } catch { return "all" }
  }
  show(remembered())
  addEventListener("DOMContentLoaded", () => show(remembered()))
  addEventListener("change", ({ target }) => {
    if (target.name != "marks") return
    show(target.value)
    try { localStorage.marks = target.value } catch {}
  })
}
