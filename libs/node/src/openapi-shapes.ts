import { schemaIdOf } from '#libs/documents'

/** Words to describe the shapes of answers with. */

export type Schema = Readonly<Record<string, unknown>>

export const scalar = (name: string): Schema => ({ $ref: `${schemaIdOf('scalars')}#/$defs/${name}` })
export const component = (name: string): Schema => ({ $ref: `${schemaIdOf('components')}#/$defs/${name}` })
export const view = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` })
export const list = (items: Schema): Schema => ({ type: 'array', items })
export const text: Schema = { type: 'string' }
export const count: Schema = { type: 'integer', minimum: 0 }
export const flag: Schema = { type: 'boolean' }
export const jws: Schema = { type: 'string', description: 'JWS, compact.' }

/** Members ending in `?` may be absent. */
export function object(description: string, members: Readonly<Record<string, Schema>>): Schema {
  const names = Object.keys(members)
  return {
    type: 'object',
    description,
    required: names.filter((name) => !name.endsWith('?')),
    properties: Object.fromEntries(Object.entries(members).map(([name, schema]) => [name.replace(/\?$/, ''), schema])),
  }
}

export function pageOf(description: string, items: Schema): Schema {
  return object(description, { items: list(items), 'next?': { ...text, description: 'Where this page ended; absent on the last one.' } })
}
