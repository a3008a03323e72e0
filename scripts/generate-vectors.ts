import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { textTable } from './text-table.js'
import { actsFactsAndCorrections } from './vectors/acts-facts-and-corrections.js'
import { casca } from './vectors/casca.js'
import { chain } from './vectors/chain.js'
import { customs } from './vectors/customs.js'
import { foundingAndRegister, unknownRules } from './vectors/founding-and-register.js'
import { hostileBytes } from './vectors/hostile-bytes.js'
import { noteAndHandoffs } from './vectors/note-and-handoffs.js'
import type { VectorFile } from './vectors/vector-file.js'

/**
 * node scripts/run.mjs generate-vectors [FOLDER]: writes the test vectors anew, with fresh keys each time. They are committed and stay: only a change of
 * the rules that needs a fresh corridor asks for new ones.
 */
const folder = process.argv[2] ?? join('test', 'vectors')
mkdirSync(folder, { recursive: true })
const table = [['file', 'records', 'bytes']]
for (const topic of [foundingAndRegister, unknownRules, noteAndHandoffs, customs, actsFactsAndCorrections, chain, hostileBytes, casca]) {
  const file = await topic()
  const text = textOf(file)
  writeFileSync(join(folder, `${file.name}.json`), text)
  table.push([file.name, String(file.records.length), String(Buffer.byteLength(text))])
}
console.log(textTable(table))

/** A record a line, so that a change shows where it is. */
function textOf({ name, corridor, records }: VectorFile): string {
  const lines = records.map((record) => JSON.stringify(record)).join(',\n')
  return `{\n"name": ${JSON.stringify(name)},\n"corridor": ${JSON.stringify(corridor)},\n"records": [\n${lines}\n]\n}\n`
}
