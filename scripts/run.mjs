/**
 * node scripts/run.mjs NAME …: runs a script of this folder from dist/, after compiling when a source is newer. Plain JavaScript, because it comes
 * before dist/ exists; one process, so that signals reach the script itself.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const stamp = join(root, 'dist', '.compiled')
const compiling = join(root, 'dist', '.compiling')
const compiler = join(root, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js')
const sources = ['apps', 'libs', 'corridors', 'infra', 'scripts', 'schemas', 'bench', 'tsconfig.json', 'tsconfig.build.json', 'package.json']

if (existsSync(compiler) && isStale() && !compile()) process.exit(1)
const [name, ...args] = process.argv.slice(2)
process.argv.splice(1, process.argv.length, join(root, 'dist', 'scripts', `${name}.js`), ...args)
await import(process.argv[1])

function isStale() {
  return !existsSync(stamp) || sources.some((source) => newest(join(root, source)) > statSync(stamp).mtimeMs)
}

/** Newest change of a source below a path; what the compiler does not read, such as jars and web pages, does not count. */
function newest(path) {
  if (!existsSync(path)) return 0
  const found = statSync(path)
  if (!found.isDirectory()) return /\.(ts|json|mjs)$/.test(path) && !path.endsWith('.spec.ts') ? found.mtimeMs : 0
  if (['node_modules', 'target', 'web', 'data'].some((skipped) => path.endsWith(`/${skipped}`))) return 0
  return Math.max(0, ...readdirSync(path).map((entry) => newest(join(path, entry))))
}

/** Whether there is something to run now. One at a time: a second command waits for the first one's compiling and then finds nothing to do. */
function compile() {
  mkdirSync(dirname(compiling), { recursive: true })
  try {
    mkdirSync(compiling)
  } catch {
    for (const deadline = statSync(compiling).mtimeMs + 300_000; existsSync(compiling) && Date.now() < deadline; ) pause(200)
    if (!isStale()) return true
    mkdirSync(compiling, { recursive: true })
  }
  try {
    console.error('compiling …')
    const started = new Date()
    // What it says goes to stderr: the standard output of `npm run -s token` is the token and nothing else.
    const { status } = spawnSync(process.execPath, [compiler, 'build'], { cwd: root, stdio: ['ignore', 2, 2] })
    if (status !== 0) {
      console.error('karvan: it does not compile.')
      return false
    }
    writeFileSync(stamp, '')
    utimesSync(stamp, started, started) // what was changed meanwhile counts as newer
    return true
  } finally {
    if (existsSync(compiling)) rmdirSync(compiling)
  }
}

function pause(ms) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}
