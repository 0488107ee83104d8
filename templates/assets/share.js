// The share menu of a report or one of its statements: fetched when it is first wanted. `words` are
// put before this, and a block around it, when the site is built.
const doc = document, make = (tag, fields) => Object.assign(doc.createElement(tag), fields)
const root = new URL("..", doc.currentScript.src)
const menu = make("div", { className: "menu", id: "share", popover: "auto" })
const item = (name, fields) => menu.appendChild(make(fields ? "a" : "button", { textContent: words[name], ...fields }))
const link = item("copy", { href: "" }), mail = item("mail", { href: "" })
const embed = item("embed"), card = item("card"), more = item("more")
more.hidden = !navigator.share
doc.querySelector(".share").after(menu)

const text = (query, within = doc) => within.querySelector(query)?.textContent ?? ""
const safe = (plain) => make("i", { textContent: plain }).innerHTML.replaceAll('"', "&quot;")
// What a piece of a statement says, without the numbers of the notes in it: they would seem quoted.
const spoken = (piece) => {
  const copy = piece.cloneNode(true)
  copy.querySelectorAll(".ref, .footnote-ref").forEach((ref) => ref.remove())
  return copy.textContent
}
// What is shared: a report, or a statement with the name of its source.
let shared
const done = (control) => () => control.classList.add("done")
const table = ({ url, headline, line, said, who }) => {
  const small = "font-family:Arial,sans-serif;font-size:13px;line-height:20px;color:#5f5b54"
  return `<table role="presentation" width="520" cellpadding="0" cellspacing="0" border="0"><tr><td style="padding:16px;border:1px solid #dcd7cc;background-color:#ffffff;color:#1b1a18;font-family:Georgia,serif;font-size:17px;line-height:26px">`
    + `<a href="${safe(url)}" style="color:#1b1a18;text-decoration:none"><b>${safe(headline)}</b></a><br><span style="${small}">${safe(line)}</span><br>`
    + (said && `<br><span style="background-color:#fcf2d5;color:#1b1a18">${safe(said)}</span><br><span style="${small}">${safe(who)}</span><br>`)
    + `<br><a href="${safe(url)}" style="color:#96231b">${safe(words.read)}</a></td></tr></table>`
}
const frame = ({ url, headline }) => {
  const { hash } = new URL(url), src = new URL("embed/", url.slice(0, url.length - hash.length)) + hash
  return `<iframe src="${safe(src)}" title="${safe(headline)}" width="100%" height="260" style="border:0;max-width:640px" loading="lazy"></iframe>\n<script src="${safe(new URL("embed.js", root).href)}" async></scr` + "ipt>"
}
const plain = ({ url, headline, line, said, who }) => [headline, line, said, who, url].filter(Boolean).join("\n")

link.onclick = () => navigator.clipboard.writeText(shared.url).then(done(link))
embed.onclick = () => navigator.clipboard.writeText(frame(shared)).then(done(embed))
card.onclick = () => {
  const form = (type, data) => ({ [type]: new Blob([data], { type }) })
  const both = new ClipboardItem({ ...form("text/html", table(shared)), ...form("text/plain", plain(shared)) })
  navigator.clipboard.write([both]).then(done(card))
}
more.onclick = () => navigator.share({ title: doc.title, url: shared.url })
menu.addEventListener("click", (event) => event.target == link && event.preventDefault())
menu.addEventListener("beforetoggle", () => menu.childNodes.forEach(({ classList }) => classList.remove("done")))
addEventListener("share", ({ detail: control }) => {
  const id = control.hash.slice(1), note = control.closest(".note")
  const pieces = id ? [...doc.querySelectorAll(`[id="${id}"], [data-mark="${id}"]`)] : []
  shared = {
    url: control.href, headline: text("h1"), line: text(".sourcing"),
    said: pieces.map(spoken).join(" … "), who: note ? text("p", note) : "",
  }
  link.href = shared.url
  mail.href = "mailto:?subject=" + [shared.headline, shared.said + "\n" + shared.url].map(encodeURIComponent).join("&body=")
  menu.showPopover({ source: control })
})
