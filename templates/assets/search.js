// The search page: its form, which marks.js puts in its place, and the results of Pagefind's index, each leading to its statement.
const doc = document
const form = doc.getElementById("search"), status = form.querySelector("[role=status]")
const list = form.querySelector("ol"), more = form.querySelector("button")
const { index, count, failed } = form.dataset
const forms = JSON.parse(count), plural = new Intl.PluralRules(doc.documentElement.lang)
const counted = (number) =>
  (forms[plural.select(number)] ?? forms.other).replace("{count}", number.toLocaleString(doc.documentElement.lang))
const make = (tag, fields = {}, ...inside) => {
  const element = Object.assign(doc.createElement(tag), fields)
  element.append(...inside)
  return element
}
// An excerpt comes as HTML with marks in it: only its words and its marks are taken, and no heading.
const marked = (html, heading) => {
  const { body } = new DOMParser().parseFromString(html, "text/html")
  let left = body.textContent.startsWith(heading + ".") ? heading.length + 2 : 0
  return [...body.childNodes].map((node) => {
    const text = node.textContent.slice(left)
    left = Math.max(0, left - node.textContent.length)
    return node.nodeName == "MARK" && text ? make("mark", {}, text) : text
  })
}

const PAGE = 10, SAYINGS = 3
let pagefind, latest = 0, waiting

const chosen = () => {
  const { q, ...filters } = Object.fromEntries(new FormData(form))
  return { q: q.trim(), filters: Object.fromEntries(Object.entries(filters).filter(([, value]) => value)) }
}
// Whether a heading of the index names a source, alone or with others.
const names = (heading, source) => heading.split(" · ").includes(source)
// The statements of a report that were found: those of one source if one is asked for.
const sayings = (found, source) => found.sub_results
  .filter(({ anchor, title }) => anchor?.id.startsWith("s-") && (!source || names(title, source)))
const shown = (found, source) => {
  const said = sayings(found, source).slice(0, SAYINGS)
  const link = make("a", { href: found.url }, found.meta.title)
  const first = source && found.anchors.find(({ id, text }) => id.startsWith("s-") && names(text, source))
  if (first && !said.length) link.hash = first.id
  const item = make("li", { className: "teaser" }, make("h2", {}, link))
  if (said.length) {
    item.append(make("ul", { className: "sayings" }, ...said.map(({ url, title, excerpt }) =>
      make("li", {}, make("b", {}, title), make("p", {}, make("a", { className: "passage", href: url }, ...marked(excerpt, title)))))))
  } else item.append(make("p", {}, ...marked(found.excerpt, "…")))
  item.append(make("p", { className: "fine" }, found.meta.day ?? ""))
  return item
}
const search = async () => {
  const turn = ++latest, { q, filters } = chosen()
  history.replaceState(null, "", "?" + new URLSearchParams({ ...(q && { q }), ...filters }))
  if (!q && !Object.keys(filters).length) {
    list.replaceChildren()
    status.textContent = ""
    more.hidden = true
    return
  }
  try {
    pagefind ??= await import(new URL(index, doc.baseURI))
    const options = { filters, ...(q ? {} : { sort: { day: "desc" } }) }
    let { results } = await pagefind.search(q || null, options)
    // A word and a source: only reports in which that source says that word.
    if (q && filters.source) {
      const all = await Promise.all(results.map(async (one) => ({ one, data: await one.data() })))
      results = all.filter(({ data }) => sayings(data, filters.source).length).map(({ one }) => one)
    }
    if (turn != latest) return
    list.replaceChildren()
    status.textContent = counted(results.length)
    const next = async () => {
      const from = list.children.length
      const some = await Promise.all(results.slice(from, from + PAGE).map((one) => one.data()))
      if (turn != latest) return
      list.append(...some.map((found) => shown(found, filters.source)))
      more.hidden = list.children.length >= results.length
      return list.children[from]
    }
    more.onclick = async () => (await next())?.querySelector("a").focus()
    await next()
  } catch {
    status.textContent = failed
  }
}
form.onsubmit = (event) => event.preventDefault()
form.oninput = () => {
  clearTimeout(waiting)
  waiting = setTimeout(search, 200)
}
for (const [name, value] of new URLSearchParams(location.search)) {
  const field = form.elements[name]
  if (!field) continue
  // What is asked for and is not there has no results; without it, there would be everybody's.
  if (field.options && ![...field.options].some((option) => option.value == value)) field.add(new Option(value))
  field.value = value
}
more.type = "button"
if (location.search) search()
else form.elements.q.focus()
