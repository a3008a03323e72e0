import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { docsPolicy } from './docs-page.js'
import { openHttpCorridor, type HttpCorridor } from './http-corridor.fixture.js'
import { operations } from './operations.js'

/** A browser of the machine, if it has one: none is downloaded for a test. */
const browser = ['chromium', 'chromium-browser', 'google-chrome'].find((name) => spawnSync(name, ['--version']).status === 0)

let corridor: HttpCorridor
let address: string

beforeAll(async () => {
  corridor = await openHttpCorridor(['uz-uty'])
  address = corridor.node('uz-uty').url
}, 60_000)
afterAll(() => corridor.close())

describe('the API in a browser', () => {
  it('comes from the node alone, and says so to the browser', async () => {
    const page = await fetch(`${address}/docs`)
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(page.headers.get('content-security-policy')).toBe(docsPolicy)
    const sources = docsPolicy.split('; ').flatMap((directive) => directive.split(' ').slice(1))
    expect([...new Set(sources)].sort()).toEqual(["'none'", "'self'", "'unsafe-inline'", 'data:'])
    expect(docsPolicy).toContain("script-src 'self';")

    const text = await page.text()
    const parts = [...text.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, target]) => target ?? '').filter((target) => target !== 'data:,')
    expect(parts).toEqual(['/docs/swagger-ui.css', '/openapi.json', '/docs/swagger-ui-bundle.js', '/docs/start.js'])
    const answers = await Promise.all(parts.map((part) => fetch(`${address}${part}`)))
    expect(answers.map(({ status }) => status)).toEqual(parts.map(() => 200))
    expect(answers.map(({ headers }) => headers.get('content-type')?.split(';')[0])).toEqual(['text/css', 'application/json', 'text/javascript', 'text/javascript'])
    const [style, , , script] = await Promise.all(answers.map((answer) => answer.text()))
    for (const own of [text, script]) expect(own).not.toMatch(/https?:/)
    expect(style?.match(/url\(["']?(?!["']?data:)/g)).toBeNull()
  })

  it('gives away no other file of the library or of the node', async () => {
    for (const file of ['package.json', 'swagger-ui-bundle.js.map', 'index.html', '..%2Fpackage.json', '%2e%2e%2fjest%2fpackage.json', 'constructor']) {
      expect((await fetch(`${address}/docs/${file}`)).status).toBe(404)
    }
  })

  const inBrowser = browser === undefined ? it.skip : it
  inBrowser('shows every operation in a browser that reaches nothing but the node', async () => {
    const profile = mkdtempSync(join(tmpdir(), 'karvan-browser-'))
    try {
      const shown = await domOf(`${address}/docs`, profile)
      expect(shown).toContain('Karvan node of uz-uty')
      const ids = [...shown.matchAll(/id="operations-default-([A-Za-z]+)"/g)].map(([, id]) => id)
      expect(ids.sort()).toEqual(operations.map(({ id }) => id).sort())
    } finally {
      rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
    }
  }, 60_000)
})

/** The page as the browser has it once its scripts have run. */
function domOf(url: string, profile: string): Promise<string> {
  const quiet = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
  const alone = ['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1', `--user-data-dir=${profile}`]
  return new Promise((resolve, reject) => {
    const child = spawn(String(browser), [...quiet, ...alone, '--virtual-time-budget=20000', '--timeout=40000', '--dump-dom', url], { stdio: ['ignore', 'pipe', 'ignore'] })
    let dom = ''
    child.stdout.on('data', (chunk: Buffer) => (dom += chunk.toString()))
    child.once('error', reject)
    child.once('close', () => resolve(dom))
  })
}
