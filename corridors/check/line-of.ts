import { escaped } from './story-values.js'

/** An open object or list on the way down; `at` is the member or index being read. */
type Level = { readonly isObject: boolean; at: string | number }

const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+|\n/g

/** In which line of a JSON text each value begins; a value that is not there has the line of what it is missing in. For texts that are JSON. */
export function linesOf(text: string): (pointer: string) => number {
  const lines = new Map<string, number>()
  const levels: Level[] = []
  let line = 1
  let expectsName = false
  const begin = () => lines.set(levels.map(({ at }) => `/${escaped(String(at))}`).join(''), line)
  for (const [token] of text.matchAll(tokens)) {
    const level = levels.at(-1)
    switch (token) {
      case '\n': line++; break
      case ':': expectsName = false; break
      case ',':
        if (typeof level?.at === 'number') level.at++
        expectsName = level?.isObject === true
        break
      case '}':
      case ']':
        levels.pop()
        expectsName = false
        break
      case '{':
      case '[':
        begin()
        levels.push({ isObject: token === '{', at: token === '{' ? '' : 0 })
        expectsName = token === '{'
        break
      default:
        if (expectsName && level) level.at = JSON.parse(token) as string // where a name stands, it is one
        else begin()
    }
  }
  return (pointer) => {
    let at = pointer
    while (at !== '' && !lines.has(at)) at = at.slice(0, at.lastIndexOf('/'))
    return lines.get(at) ?? 1
  }
}
