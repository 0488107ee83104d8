// The reader's switch: all marks, quotes only, or none, remembered; and the way to the share menu. They
// are made where this script stands, before anything below them is there to be moved. On other pages a
// form that needs scripts lies there as text. `words` are put before this when the site is built.
{
  const doc = document, here = doc.currentScript, before = here.previousElementSibling
  const make = (tag, fields, ...inside) => {
    const made = Object.assign(doc.createElement(tag), fields)
    made.append(...inside)
    return made
  }
  const choice = (value) => make("label", {}, make("input", { type: "radio", name: "marks", value }), make("span", {}, words[value]))
  if (before) before.outerHTML = before.textContent
  else here.before(
    ..."switch" in here.dataset ? [make("fieldset", { className: "switch" }, make("legend", {}, words.heading), ...["all", "quotes", "off"].map(choice))] : [],
    make("div", { className: "home" }, make("a", { className: "share", href: "./" }, words.share)),
  )
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
