// Review: what was found in the article, for an editor to judge. In the preview only.
(() => {
  const token = document.currentScript.dataset.token
  const api = "/__postil/review/"
  const store = (name, value) => value === undefined ? sessionStorage.getItem(`postil:${name}`) : sessionStorage.setItem(`postil:${name}`, value)

  const ask = async (name, body) => {
    const options = body ? { method: "POST", body: JSON.stringify({ page: location.pathname, ...body }) } : {}
    const query = body ? "" : `?page=${encodeURIComponent(location.pathname)}`
    const answer = await fetch(`${api}${name}${query}`, { ...options, cache: "no-store", headers: { "X-Postil-Token": token } })
    const data = await answer.json().catch(() => ({ error: `the preview answers: ${answer.status}` }))
    if (!answer.ok) throw new Error(data.error || `the preview answers: ${answer.status}`)
    return data
  }

  const make = (name, properties = {}, ...children) => {
    const element = document.createElement(name)
    for (const [key, value] of Object.entries(properties)) key in element ? (element[key] = value) : element.setAttribute(key, value)
    element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""))
    return element
  }
  const cut = (text, most) => text.length > most ? `${text.slice(0, most - 1).trimEnd()}…` : text

  // --- state -----------------------------------------------------------------------------------
  let data = null // what the preview found in this article
  let at = "" // the item that is judged
  let view = "article"
  let isWhole = false // whether the list of the whole site is asked for
  let isTall = false // whether the sheet of a small screen shows the list, too
  let isDoneOpen = false // whether the list of what is reviewed is unfolded
  let form = null // the question that is being answered
  let site = null
  let back = "" // what an answer that was taken back had judged, until something else is chosen
  let isComing = false // whether that is still to be shown
  let panel, body, status, toggle
  const isOn = () => store("review") === "on"
  const item = (id = at) => data?.items?.find((each) => each.id === id)
  const isStatement = (found) => found?.kind === "statement"
  const left = () => data.order.filter((id) => !item(id).is_reviewed)

  // --- the switch ------------------------------------------------------------------------------
  const start = async () => {
    toggle = make("button", { id: "pv-switch", type: "button", onclick: () => isOn() ? close() : open(true), title: "Review what was found (Alt+R)" }, "Review")
    toggle.setAttribute("aria-pressed", String(isOn()))
    document.body.append(toggle)
    addEventListener("keydown", keys)
    if (isOn()) await open()
  }

  const open = async (isAsked = false) => {
    store("review", "on")
    toggle.setAttribute("aria-pressed", "true")
    document.documentElement.classList.add("pv-on")
    if (!panel) {
      status = make("p", { id: "pv-status", role: "status" })
      panel = make("aside", { id: "pv-panel", "aria-label": "Review" })
      document.body.append(panel)
    }
    at = store("at") || ""
    const told = store("told")
    if (told) {
      // An answer was taken back on another page: here is what it judged.
      sessionStorage.removeItem("postil:told")
      say(told)
      back = at
      isComing = true
    }
    await refresh()
    if (!item(at) && !back) move(0)
    else if (isAsked) light()
    panel.querySelector("#pv-card")?.focus({ preventScroll: true })
  }

  const close = () => {
    store("review", "off")
    location.reload()
  }

  const say = (text, isWrong = false) => {
    status.textContent = text
    status.className = isWrong ? "wrong" : ""
  }

  // The preview calls this instead of loading the page anew: what is being typed stays.
  const refresh = async () => {
    const wasOpen = item() && !item().is_reviewed
    let isBack = false
    try {
      data = await ask("findings")
      for (const each of data.items || []) each.is_reviewed ? answered.delete(each.id) : (each.is_reviewed = answered.has(each.id))
      if (back && !form && item(back)) {
        isBack = isComing || at !== back
        isComing = false
        store("at", (at = back))
      }
      // An answer may settle more than the one finding: a statement, and who is named in it.
      if (data.article && !form && !back && (item() ? wasOpen && item().is_reviewed : true)) store("at", (at = left()[0] || ""))
    } catch (error) {
      data = data || { article: null, items: [], order: [], left: 0 }
      say(error.message, true)
    }
    if (isWhole || !data.article) site = await ask("unreviewed").catch(() => null)
    view = data.article && !isWhole ? "article" : "site"
    dress()
    draw()
    if (!isBack) return
    light()
    panel.querySelector("#pv-card")?.focus({ preventScroll: true })
  }

  // --- the text --------------------------------------------------------------------------------
  const dress = () => {
    const home = document.querySelector("main .body") || document.querySelector("main")
    document.querySelector(".pv-text")?.remove()
    if (!data.article || !home) return
    body = make("div", { className: "pv-text" })
    body.innerHTML = data.body
    for (const each of body.querySelectorAll("[id]")) each.removeAttribute("id")
    for (const mark of body.querySelectorAll("[data-item]")) {
      const found = item(mark.dataset.item)
      mark.onclick = (event) => { event.preventDefault(); event.stopPropagation(); if (getSelection().isCollapsed) choose(mark.dataset.item, false) }
      if (found) mark.title = isStatement(found) ? `said by ${found.who || "nobody that is known"}` : found.kind
    }
    home.prepend(body)
    home.classList.add("pv-home")
    body.addEventListener("mouseup", () => setTimeout(offer))
    light(false)
  }

  const light = (isScrolled = true) => {
    if (!body) return
    for (const mark of body.querySelectorAll(".pv-at")) mark.classList.remove("pv-at")
    const found = [...body.querySelectorAll(`[data-item="${CSS.escape(at)}"], [data-source="${CSS.escape(at)}"]`)]
    for (const mark of found) mark.classList.add("pv-at")
    if (isScrolled && found.length) {
      const first = found.find((mark) => mark.dataset.item) || found[0]
      const box = first.getBoundingClientRect()
      // Above the sheet, where the panel is one.
      const low = innerWidth < 1000 ? panel.getBoundingClientRect().top - 16 : innerHeight * .85
      if (box.top < 80 || box.bottom > low) scrollBy({ top: box.top - Math.max(80, Math.min(innerHeight * .25, low - box.height)), behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth" })
    }
  }

  const choose = (id, isScrolled = true) => {
    isTall = false
    back = ""
    at = id
    store("at", id)
    form = null
    view = "article"
    isWhole = false
    // What went wrong with another finding is no news of this one.
    if (status.className) say("")
    draw()
    light(isScrolled)
    panel.querySelector("#pv-card")?.focus({ preventScroll: true })
  }

  const move = (step) => {
    if (!data.article) return
    const order = left()
    if (!order.length) { at = item(at) ? at : ""; draw(); return }
    const here = order.indexOf(at)
    const next = here < 0 ? (step < 0 ? order.length - 1 : 0) : (here + step + order.length) % order.length
    choose(order[next])
  }

  // --- answers ---------------------------------------------------------------------------------
  // One after the other, since each changes the file's version. Whoever says *right* is at the next
  // finding at once, and comes back if the answer could not be written.
  let queue = Promise.resolve()
  // Answers that the site was not yet built with.
  const answered = new Set()
  const send = (what) => {
    back = ""
    // Words that were missed belong to no finding.
    const found = what.item ? item(what.item) : null
    const settles = found && what.do !== "note" && what.do !== "disputed"
    const isQuick = what.do === "right" || what.do === "wrong"
    const settle = () => {
      const was = left()
      found.is_reviewed = true
      answered.add(found.id)
      const rest = left()
      const next = was.slice(was.indexOf(found.id) + 1).find((id) => rest.includes(id)) || rest[0] || ""
      if (body) for (const mark of body.querySelectorAll(`[data-item="${CSS.escape(found.id)}"]`)) mark.classList.replace("pv-open", "pv-done")
      if (next) return choose(next)
      at = ""
      store("at", "")
      draw()
      light(false)
    }
    if (isQuick && settles) settle()
    queue = queue.then(async () => {
      const given = { article: data.article, version: data.version, words: data.words, by: localStorage.getItem("postil:by") || "", ...what }
      try {
        const done = await ask("answer", given)
        data.version = done.version
        data.undo = done.undo
        say(`Written to ${data.file.replace(/\.\w+$/, ".corrections.toml")}: ${done.undo}`)
        if (isQuick) return draw()
        form = null
        if (what.do === "speaker" && found) found.who = what.who
        settles && !found.is_reviewed ? settle() : draw()
      } catch (error) {
        if (isQuick && found) { answered.delete(found.id); found.is_reviewed = false; choose(found.id, false) }
        say(error.message, true)
        if (/look again/.test(error.message)) await refresh()
        // To go back to the finding, or to see the file's new state, is no answer to it.
        say(error.message, true)
      }
    })
    return queue
  }

  const undo = async () => {
    await queue
    try {
      const done = await ask("undo", {})
      answered.delete(done.item)
      data.version = done.version
      data.undo = done.undo
      const told = `Taken back: ${done.undone}.`
      form = null
      if (done.page !== location.pathname) {
        store("at", done.item)
        store("told", told)
        location.href = done.page
        return
      }
      say(told)
      back = done.item
      isComing = true
      view = "article"
      isWhole = false
      setTimeout(refresh, 50)
    } catch (error) { say(error.message, true) }
  }

  const restore = async (keep) => {
    await ask("restore", { keep }).catch((error) => say(error.message, true))
    await refresh()
  }

  // --- forms -----------------------------------------------------------------------------------
  const field = (label, name, properties = {}) => make("label", {}, make("span", { textContent: label }), make(properties.rows ? "textarea" : "input", { name, ...properties }))
  const people = (only) => make("datalist", { id: "pv-people" }, ...data.people.filter((each) => !only || only(each)).map((each) => make("option", { value: each.name, label: each.kind })))
  const kinds = () => make("label", {}, make("span", { textContent: "Kind, if it is new here" }), make("select", { name: "kind" }, ...["person", "organisation", "place", "event", "work", "law"].map((kind) => make("option", { value: kind, textContent: kind }))))
  const tick = (label, name) => make("label", { className: "tick" }, make("input", { type: "checkbox", name }), make("span", { textContent: label }))
  const input = { list: "pv-people", autocomplete: "off", required: true }

  const FORMS = {
    speaker: () => ({ title: "Who said it?", fields: [withList(field("Name, as in the article or the register", "who", input), people()), tick("The article does not name them", "is_unnamed"), field("Why not, if it says so", "why")] }),
    merge: () => ({ title: `“${item().words}” is the same as …`, fields: [withList(field("Name", "who", input), people((each) => each.key !== at && each.kind !== "document"))] }),
    another: () => ({ title: `Not the “${item().words}” of other reports`, fields: [field("A key for this one: small letters and hyphens", "who", { placeholder: `${at}-2`, autocomplete: "off" })] }),
    disputed: () => ({ title: "Disputed by which statement?", fields: [make("label", {}, make("span", { textContent: "Statement" }), make("select", { name: "other", required: true }, ...data.items.filter((each) => isStatement(each) && each.is_shown && each.id !== at).map((each) => make("option", { value: each.id, textContent: cut(`${each.who || "?"}: ${each.words}`, 90) })))), field("What readers should know", "text", { rows: 2 })] }),
    note: () => ({ title: "A note for readers", fields: [field("In Markdown", "text", { rows: 3, required: true })] }),
    said: () => ({ title: "A statement by …", fields: [field("The words", "exact", { rows: 2, required: true, value: picked.exact }), withList(field("Who says them", "who", input), people()), tick("The article does not name them", "is_unnamed"), field("Why not, if it says so", "why")] }),
    entity: () => ({ title: "These words name …", fields: [field("The words", "exact", { rows: 2, required: true, value: picked.exact }), withList(field("Who or what", "who", { ...input, value: picked.exact }), people((each) => each.kind !== "document")), kinds()] }),
    name: () => ({ title: "Your name, for “checked by”", fields: [field("Kept in this browser", "by", { value: localStorage.getItem("postil:by") || "", autocomplete: "name" })] }),
  }
  const withList = (label, list) => { label.querySelector("input").setAttribute("list", "pv-people"); label.append(list); return label }

  let picked = { exact: "", before: "", after: "" }
  const openForm = (name) => {
    form = name
    if (name === "said" || name === "entity") pick()
    view = "article"
    isWhole = false
    draw()
    panel.querySelector("form input, form textarea, form select")?.focus()
    hideOffer()
  }

  const submit = (event) => {
    event.preventDefault()
    const values = Object.fromEntries(new FormData(event.target))
    if (form === "name") {
      localStorage.setItem("postil:by", values.by.trim())
      form = null
      return draw()
    }
    if ("is_unnamed" in values) values.is_unnamed = true
    if (form === "said" || form === "entity") {
      const same = values.exact.trim() === picked.exact
      return send({ do: form, ...(same ? picked : {}), ...values, exact: values.exact.trim() })
    }
    const chosen = data.people.filter((each) => each.name === values.who)
    if (chosen.length > 1 && form === "merge") values.who = chosen.find((each) => each.key !== at).key
    send({ do: form, item: at, ...values })
  }

  // --- selected words --------------------------------------------------------------------------
  const pick = () => {
    const selection = getSelection()
    if (!body || !selection.rangeCount || selection.isCollapsed || !body.contains(selection.anchorNode)) { picked = { exact: "", before: "", after: "" }; return false }
    const range = selection.getRangeAt(0)
    const words = (start, startAt, end, endAt) => {
      const part = document.createRange()
      part.setStart(start, startAt)
      part.setEnd(end, endAt)
      const copy = part.cloneContents()
      for (const block of copy.querySelectorAll("p, h2, h3, li, td, th, blockquote, br")) block.append(" ")
      return copy.textContent.replace(/\s+/g, " ")
    }
    const last = document.createRange()
    last.selectNodeContents(body)
    picked = {
      exact: words(range.startContainer, range.startOffset, range.endContainer, range.endOffset).trim(),
      before: words(body, 0, range.startContainer, range.startOffset).slice(-60).replace(/^\S*\s/, ""),
      after: words(range.endContainer, range.endOffset, last.endContainer, last.endOffset).slice(0, 60).replace(/\s\S*$/, ""),
    }
    return Boolean(picked.exact)
  }

  const hideOffer = () => document.getElementById("pv-offer")?.remove()
  const offer = () => {
    hideOffer()
    if (!pick()) return
    const box = getSelection().getRangeAt(0).getBoundingClientRect()
    const tools = make("div", { id: "pv-offer", role: "group", "aria-label": "The selected words" },
      make("button", { type: "button", onmousedown: (event) => event.preventDefault(), onclick: () => openForm("said") }, "A statement by …"),
      make("button", { type: "button", onmousedown: (event) => event.preventDefault(), onclick: () => openForm("entity") }, "An entity …"))
    document.body.append(tools)
    tools.style.left = `${Math.max(8, Math.min(box.left, innerWidth - tools.offsetWidth - 8)) + scrollX}px`
    tools.style.top = `${box.bottom + 8 + scrollY}px`
  }

  // --- the panel -------------------------------------------------------------------------------
  const button = (label, key, action, extra = "") => {
    const made = make("button", { type: "button", onclick: action, className: extra }, label, " ", make("kbd", { textContent: key, "aria-hidden": "true" }))
    made.setAttribute("aria-keyshortcuts", key)
    return made
  }

  const card = () => {
    const found = item()
    if (form && (form === "said" || form === "entity" || form === "name" || found)) {
      const wanted = FORMS[form]()
      return make("form", { id: "pv-form", onsubmit: submit, "data-of": `${form} ${at}` }, make("h3", { textContent: wanted.title }), ...wanted.fields, make("div", { className: "row" }, make("button", { type: "submit", className: "main" }, "Write it"), make("button", { type: "button", onclick: () => { form = null; draw() } }, "Cancel ", make("kbd", { textContent: "Esc", "aria-hidden": "true" }))))
    }
    if (!found) return make("div", { id: "pv-card", tabIndex: -1 }, make("p", { className: "done", textContent: data.items.length ? "Everything in this article is reviewed." : "Nothing was found in this article." }))
    const sure = found.confidence === null ? "" : `${Math.round(found.confidence * 100)} % sure`
    const facts = [isStatement(found) ? "Statement" : found.kind[0].toUpperCase() + found.kind.slice(1), ...found.facts, found.is_reviewed ? "reviewed" : sure].filter(Boolean).join(" · ")
    const inner = [make("p", { className: "facts", textContent: facts }), make("blockquote", { textContent: found.words })]
    if (isStatement(found)) {
      inner.push(make("p", { className: "who" }, found.who ? make("b", { textContent: found.who }) : "Nobody is found to say it", found.role ? `, ${found.role}` : "", found.source && found.source !== found.who ? make("span", { textContent: ` “${found.source}”` }) : ""))
    }
    const others = beside()
    if (others.length) inner.push(make("p", { className: "beside" }, "Also in these words: ", ...others.map((each) => make("button", { type: "button", onclick: () => choose(each.id, false) }, cut(isStatement(each) ? `statement, ${each.who || "?"}` : each.words, 30)))))
    const row = [
      button("Right", "y", () => send({ do: "right", item: at }), "main"),
      button(isStatement(found) ? "Not a statement" : "Not an entity", "x", () => send({ do: "wrong", item: at })),
    ]
    if (isStatement(found)) row.push(button("Wrong speaker …", "s", () => openForm("speaker")), button("Disputed by …", "d", () => openForm("disputed")))
    else row.push(button("Merge with …", "m", () => openForm("merge")), button("Another of that name …", "o", () => openForm("another")))
    row.push(button("Add a note …", "n", () => openForm("note")))
    return make("div", { id: "pv-card", tabIndex: -1, role: "group", "aria-label": facts }, ...inner, make("div", { className: "row" }, ...row))
  }

  // Findings that share words with this one in the text.
  const beside = () => {
    if (!body) return []
    const ids = new Set()
    for (const mark of body.querySelectorAll(`[data-item="${CSS.escape(at)}"]`)) {
      for (let up = mark.parentElement.closest("[data-item]"); up; up = up.parentElement.closest("[data-item]")) ids.add(up.dataset.item)
      for (const inner of mark.querySelectorAll("[data-item]")) ids.add(inner.dataset.item)
    }
    ids.delete(at)
    return [...ids].map(item).filter(Boolean)
  }

  const entry = (found, action, title = "") => make("li", {}, make("button", { type: "button", onclick: action, "aria-current": String(found.id === at && !title) }, make("b", { textContent: isStatement(found) ? found.who || "nobody" : found.words }), make("span", { textContent: isStatement(found) ? cut(found.words, 70) : found.kind }), make("i", { textContent: found.confidence === null ? "" : `${Math.round(found.confidence * 100)} %` }), title ? make("small", { textContent: title }) : ""))

  // What stands in the panel, in order. Each part is drawn anew but for a form that is being filled.
  const slots = {}
  const put = (name, ...children) => {
    if (!slots[name]) panel.append(slots[name] = make("div", { className: `pv-${name}-part` }))
    slots[name].replaceChildren(...children)
  }

  const draw = () => {
    if (!panel) return
    const wasHere = panel.contains(document.activeElement)
    const focused = wasHere && document.activeElement.tagName === "BUTTON" ? document.activeElement.textContent : ""
    const open = data.article ? left() : []
    const total = data.article ? data.items.length : 0
    panel.classList.toggle("pv-tall", isTall || view === "site" || !data.article)
    put("head", make("header", {},
      make("h2", { textContent: "Review" }),
      make("button", { id: "pv-more", type: "button", onclick: () => { isTall = !isTall; draw() }, "aria-expanded": String(isTall), "aria-label": "List and settings" }, isTall ? "▾ Less" : "▴ List"),
      make("button", { type: "button", onclick: close, "aria-label": "Close review" }, "✕"),
      data.article ? make("p", { className: "progress" }, make("progress", { max: total || 1, value: total - open.length, "aria-label": "Reviewed" }), `${total - open.length} of ${total} reviewed`) : "",
      make("div", { className: "tabs" },
        data.article ? make("button", { type: "button", "aria-pressed": String(view === "article"), onclick: () => { view = "article"; isWhole = false; draw() } }, "This article") : "",
        make("button", { type: "button", "aria-pressed": String(view === "site"), onclick: whole }, "Whole site ", make("kbd", { textContent: "w", "aria-hidden": "true" })),
        data.undo ? button("Undo", "u", undo, "undo") : "")))
    if (!status.isConnected) put("status", status)
    put("lost", ...(data.lost?.length ? [make("div", { className: "lost", role: "alert" }, make("p", { textContent: `The file of corrections was changed by hand, and ${data.lost.length === 1 ? "an answer" : "answers"} given here ${data.lost.length === 1 ? "is" : "are"} gone from it: ${data.lost.join("; ")}` }), make("div", { className: "row" }, make("button", { type: "button", onclick: () => restore(true) }, "Put back"), make("button", { type: "button", onclick: () => restore(false) }, "Leave it so")))] : []))
    const filled = slots.card?.querySelector("form")
    if (!(form && view === "article" && filled?.dataset.of === `${form} ${at}`)) put("card", ...(view === "article" && data.article ? [card()] : []))
    if (view === "site") put("list", siteList())
    else if (data.article) {
      const done = data.items.filter((each) => each.is_reviewed)
      put("list",
        make("nav", { "aria-label": "Findings" },
          open.length ? make("h3", { textContent: `Not reviewed, least sure first (${open.length})` }) : "",
          make("ol", {}, ...open.map((id) => entry(item(id), () => choose(id)))),
          done.length ? make("details", { open: isDoneOpen, ontoggle: (event) => { isDoneOpen = event.target.open } }, make("summary", { textContent: `Reviewed (${done.length})` }), make("ol", {}, ...done.map((each) => entry(each, () => choose(each.id))))) : ""),
        make("footer", {}, make("p", {}, ...[["j", "next"], ["k", "back"], ["y", "right"], ["x", "not so"], ["s", "speaker"], ["a", "a statement that was missed"], ["e", "an entity that was missed"], ["u", "undo"], ["w", "whole site"]].flatMap(([key, what]) => [make("kbd", { textContent: key }), ` ${what}  `])), make("p", {}, make("button", { type: "button", className: "plain", onclick: () => openForm("name") }, localStorage.getItem("postil:by") ? `Checked by ${localStorage.getItem("postil:by")}` : "Say who is checking …"))))
    }
    if (focused) [...panel.querySelectorAll("button")].find((each) => each.textContent === focused)?.focus({ preventScroll: true })
    // What had the focus may be gone: whoever goes on by key, or listens, is at the question.
    if (wasHere && !panel.contains(document.activeElement)) panel.querySelector("#pv-card, #pv-form input, #pv-form select, #pv-form textarea")?.focus({ preventScroll: true })
    panel.querySelector('[aria-current="true"]')?.scrollIntoView({ block: "nearest" })
    toggle.textContent = data.left ? `Review (${data.left})` : "Review"
  }

  const whole = async () => {
    back = ""
    view = "site"
    isWhole = true
    form = null
    site = await ask("unreviewed").catch((error) => (say(error.message, true), null))
    draw()
    panel.querySelector("nav button")?.focus()
  }

  const siteList = () => {
    if (!site) return make("p", { textContent: "…" })
    const go = (found) => {
      store("at", found.id)
      if (found.page === location.pathname) choose(found.id)
      else location.href = found.page
    }
    const shown = site.items.length < site.left ? `; the first ${site.items.length} are here` : ""
    return make("nav", { "aria-label": "Findings of the whole site" }, make("h3", { textContent: site.left ? `${site.left} not reviewed in ${site.articles} ${site.articles === 1 ? "article" : "articles"}, least sure first${shown}` : "Everything on the site is reviewed." }), make("ol", {}, ...site.items.map((found) => entry(found, () => go(found), found.title))))
  }

  // --- keys ------------------------------------------------------------------------------------
  const keys = (event) => {
    if (event.altKey && event.key.toLowerCase() === "r" && !event.ctrlKey && !event.metaKey) { event.preventDefault(); return isOn() ? close() : open(true) }
    if (!isOn() || !panel || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === "Escape") {
      hideOffer()
      if (form) { form = null; draw(); panel.querySelector("#pv-card")?.focus({ preventScroll: true }) }
      return
    }
    if (event.target.closest?.("input, textarea, select") || !data) return
    if (view === "site") {
      const buttons = [...panel.querySelectorAll("nav button")]
      const here = buttons.indexOf(document.activeElement)
      if (event.key === "j") buttons[Math.min(here + 1, buttons.length - 1)]?.focus()
      else if (event.key === "k") buttons[Math.max(here - 1, 0)]?.focus()
      else if (event.key === "w" && data.article) { view = "article"; isWhole = false; draw() }
      else return
      return event.preventDefault()
    }
    const found = item()
    const statement = isStatement(found)
    const ways = {
      j: () => move(1), k: () => move(-1), u: undo, w: whole, a: () => openForm("said"), e: () => openForm("entity"),
      ...(found ? { y: () => send({ do: "right", item: at }), x: () => send({ do: "wrong", item: at }), n: () => openForm("note") } : {}),
      ...(statement ? { s: () => openForm("speaker"), d: () => openForm("disputed") } : found ? { m: () => openForm("merge"), o: () => openForm("another") } : {}),
    }
    if (ways[event.key]) { event.preventDefault(); ways[event.key]() }
  }

  window.postilReview = { isOn, refresh }
  document.readyState === "loading" ? addEventListener("DOMContentLoaded", start) : start()
})()
