import { describe, expect, it } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { variables } from '../libs/node/src/config.js'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const textOf = (file: string) => readFileSync(join(root, file), 'utf8')
const filesIn = (folder: string, ending: string) =>
  readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))

const pages = [...readdirSync(root).filter((name) => name.endsWith('.md')), ...filesIn('docs', '.md'), ...filesIn('bench', '.md')]
const blocksOf = (page: string) => [...textOf(page).matchAll(/^```sh\n(.*?)^```/gms)].map(([, block]) => block ?? '')

/** Headings as the anchors that a reader of Markdown makes of them. */
const anchorsOf = (text: string) =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'))

describe('the documents', () => {
  it.each(pages)('%s links to nothing that is not there', (page) => {
    const dead = [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = '']) => {
      if (/^[a-z]+:/.test(link)) return []
      const [path = '', anchor] = link.split('#')
      const target = path === '' ? join(root, page) : resolve(root, dirname(page), path)
      if (!existsSync(target)) return [link]
      return anchor === undefined || !target.endsWith('.md') || anchorsOf(readFileSync(target, 'utf8')).includes(anchor) ? [] : [link]
    })
    expect(dead).toEqual([])
  })

  it('have commands that a shell can read, and name none that there is not', () => {
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Readonly<Record<string, string>> } // our own
    for (const page of pages) {
      for (const block of blocksOf(page)) expect([page, spawnSync('bash', ['-n'], { input: block, encoding: 'utf8' }).stderr]).toEqual([page, ''])
      const named = [...textOf(page).matchAll(/npm run (?:-s |--silent )?([a-z][a-z-]*)/g)].map(([, name = '']) => name)
      expect([page, named.filter((name) => !Object.hasOwn(scripts, name))]).toEqual([page, []])
    }
  })

  it("tell an operator every variable that a node reads, and every code that it can raise an alarm or be unready with", () => {
    const operating = textOf('docs/operating.md')
    const sources = ['exchange', 'log-kafka', 'log-postgres', 'ledger-postgres', 'node'].flatMap((lib) => filesIn(`libs/${lib}/src`, '.ts')).filter((file) => !/\.(spec|fixture)\.ts$/.test(file))
    const raised = sources.flatMap((file) => [...textOf(file).matchAll(/(?:onAlarm(?:\?\.)?|\.raise)\(\s*(?:codeOf\(error\) \?\? |code \?\? )?'([A-Z_]+)'/g)].map(([, code = '']) => code))
    const unions = ['exchange/src/exchange-error.ts', 'exchange/src/log-error.ts', 'ledger-postgres/src/ledger-error.ts'].flatMap((file) => {
      const [, union = ''] = /export type \w+ =\n(.*?)\n\n/s.exec(textOf(`libs/${file}`)) ?? []
      return [...union.matchAll(/'([A-Z_]+)'/g)].map(([, code = '']) => code)
    })
    expect(raised.length).toBeGreaterThan(10)
    expect(unions.length).toBeGreaterThan(15)
    const told = (word: string) => operating.includes(`\`${word}\``)
    expect([...Object.keys(variables), ...new Set([...raised, ...unions])].filter((word) => !told(word))).toEqual([])
  })
})
