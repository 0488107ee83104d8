// What a page of the preview does by itself: it waits for messages, reloads, and shows what is wrong.
(() => {
  const token = document.currentScript.dataset.token
  const key = `postil:scroll:${location.pathname}`

  // --- the same place after a reload -----------------------------------------------------------
  history.scrollRestoration = "auto"
  const kept = sessionStorage.getItem(key)
  sessionStorage.removeItem(key)
  const restore = () => kept !== null && Math.abs(scrollY - Number(kept)) > 1 && scrollTo({ top: Number(kept), behavior: "instant" })
  addEventListener("DOMContentLoaded", restore)
  addEventListener("load", restore)

  // While somebody reviews, what they are typing must stay: the page's text changes in its place.
  const swap = async () => {
    const answer = await fetch(location.href, { cache: "no-store" })
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main")
    const main = document.querySelector("main")
    if (fresh && main) main.replaceWith(document.adoptNode(fresh))
    await window.postilReview.refresh()
  }

  const reload = () => {
    if (window.postilReview?.isOn()) return swap()
    // A page that is still coming is not yet where the reader was.
    sessionStorage.setItem(key, kept !== null && document.readyState !== "complete" ? kept : scrollY)
    location.reload()
  }

  // A new style takes the old one's place once it has arrived. Its name changes with its words, so
  // the page itself is asked what it is called now.
  const restyle = async () => {
    const answer = await fetch(location.href, { cache: "no-store" })
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html")
    const styles = (root) => [...root.querySelectorAll('link[rel="stylesheet"]')].filter((link) => !link.getAttribute("href").startsWith("/__postil/"))
    const old = styles(document), wanted = styles(fresh)
    if (old.length !== wanted.length) return reload()
    wanted.forEach((link, at) => {
      const href = new URL(link.getAttribute("href"), location.href)
      href.searchParams.set("at", Date.now())
      const next = old[at].cloneNode()
      next.href = href
      next.onload = () => old[at].remove()
      next.onerror = () => { next.remove(); reload() }
      old[at].after(next)
    })
  }

  // --- what is wrong, and what is a draft ------------------------------------------------------
  const make = (name, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(name), properties)
    element.append(...children)
    return element
  }

  let hidden = ""
  const banner = (state) => {
    const old = document.getElementById("postil-banner")
    const text = JSON.stringify(state.problems)
    if (!state.problems.length || text === hidden) return old?.remove()
    const errors = state.problems.filter((problem) => problem.level === "error").length
    const heading = state.stopped
      ? state.empty ? "The site cannot be built, and never was, so there is no page to show:" : "This is the last good page. The site cannot be built:"
      : errors ? "The page is up to date, but the site could not be published like this:" : "The page is up to date. To be looked at:"
    const list = make("ul")
    for (const problem of state.problems.slice(0, 20)) {
      const line = make("li", { className: problem.level }, make("code", { textContent: problem.place }), " ", problem.message)
      if (problem.hint) line.append(make("span", { textContent: problem.hint }))
      list.append(line)
    }
    if (state.problems.length > 20) list.append(make("li", { textContent: `and ${state.problems.length - 20} more` }))
    const close = make("button", { textContent: "Hide", onclick: () => { hidden = text; box.remove() } })
    const box = make("section", { id: "postil-banner", className: state.stopped ? "error" : errors ? "error" : "warning" }, make("p", { textContent: heading }), list, close)
    box.setAttribute("role", state.stopped ? "alert" : "status")
    box.setAttribute("aria-label", "Preview: what is wrong")
    if (old) old.replaceWith(box)
    else document.body.prepend(box)
  }

  const drafts = (state) => {
    const paths = new Set(state.drafts)
    document.querySelectorAll(".postil-draft").forEach((mark) => mark.remove())
    const mark = () => make("span", { className: "postil-draft", textContent: "Draft" })
    if (paths.has(location.pathname)) document.querySelector("h1")?.before(mark())
    for (const link of document.querySelectorAll("main a[href]")) {
      if (link.origin === location.origin && paths.has(link.pathname) && link.pathname !== location.pathname && !link.hash) link.after(" ", mark())
    }
  }

  // --- messages --------------------------------------------------------------------------------
  let isLost = false
  const connect = () => {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:"
    const socket = new WebSocket(`${scheme}//${location.host}/livereload?token=${encodeURIComponent(token)}`)
    const send = (message) => socket.send(JSON.stringify(message))
    socket.onopen = () => {
      if (isLost) return location.reload()
      send({ command: "hello", protocols: ["http://livereload.com/protocols/official-7"] })
      send({ command: "info", plugins: {}, url: location.href, path: location.pathname })
    }
    socket.onmessage = (event) => {
      const message = JSON.parse(event.data)
      if (message.command === "postil") {
        banner(message)
        drafts(message)
        document.documentElement.dataset.postil = message.stopped ? "stopped" : "ready"
      }
      if (message.command === "reload") message.liveCSS && message.path.endsWith(".css") ? restyle() : reload()
    }
    // The server was started anew, with another token perhaps: the page is asked for again.
    socket.onclose = async () => {
      document.documentElement.dataset.postil = "lost"
      isLost = true
      for (;;) {
        await new Promise((done) => setTimeout(done, 500))
        const answer = await fetch(location.href, { cache: "no-store" }).catch(() => null)
        if (answer?.ok) return location.reload()
      }
    }
  }
  addEventListener("DOMContentLoaded", connect)
})()
