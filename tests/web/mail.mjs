// What caniemail finds in the mail that it reads: levels, features and mailboxes, as JSON.
import { readFileSync } from "node:fs"
import { caniemail } from "caniemail"

const clients = process.argv.slice(2)
const { issues } = caniemail({ clients, html: readFileSync(0, "utf8") })
const found = Object.entries(issues).flatMap(([level, byClient]) =>
  [...byClient].flatMap(([client, all]) => all.map(({ title }) => ({ level, title, client }))))
console.log(JSON.stringify(found))
