import { describe, expect, it } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { RequestMethod, type Type } from '@nestjs/common'
import { CallsController } from './calls.controller.js'
import { ConsignmentsController } from './consignments.controller.js'
import { methodsAt, operations, routeOf } from './operations.js'
import { openApi } from './openapi.js'
import { LinksController } from './links.controller.js'
import { PublicController } from './public.controller.js'
import { RegisterController } from './register.controller.js'
import { StatementsController } from './statements.controller.js'
import { StreamController } from './stream.controller.js'
import { WorklistsController } from './worklists.controller.js'

const description = openApi({ participant: 'uz-uty', url: 'http://127.0.0.1:4103', oidcIssuer: 'http://127.0.0.1:4100' }) as {
  paths: Record<string, Record<string, { security: unknown[]; operationId: string }>>
  components: { schemas: Record<string, object> }
}
const metaschemas = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'reference', 'openapi-metaschema', 'v3.1')

/** What Nest's decorators say about the routes of a controller, with what its guard asks for. */
function routesOf(controller: Type): readonly string[] {
  const list = (value: unknown): readonly string[] => [value].flat() as string[] // Nest keeps one path or several
  const under = list(Reflect.getMetadata('path', controller))
  return Object.getOwnPropertyNames(controller.prototype).flatMap((name) => {
    const handler = (controller.prototype as Record<string, object>)[name] ?? {}
    const method = Reflect.getMetadata('method', handler) as RequestMethod | undefined
    if (method === undefined) return []
    const needs = Reflect.getMetadata('karvan:needs', handler) as string
    const paths = under.flatMap((start) =>
      list(Reflect.getMetadata('path', handler)).map(
        (path) =>
          `/${[start, path]
            .map((part) => part.replace(/^\/|\/$/g, ''))
            .filter((part) => part !== '')
            .join('/')}`,
      ),
    )
    return paths.map((path) => `${RequestMethod[method]} ${path} ${needs}`)
  })
}

describe('the description of the API', () => {
  it('has every route of the application with what it asks of its caller, and no other', () => {
    const controllers = [
      StatementsController, CallsController, ConsignmentsController, StreamController, LinksController, WorklistsController, RegisterController, PublicController,
    ]
    const routes = controllers.flatMap(routesOf)
    expect([...routes].sort()).toEqual(operations.map(({ method, path, scope }) => `${method} ${routeOf(path)} ${scope ?? 'nothing'}`).sort())
    const told = Object.entries(description.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${routeOf(path)}`),
    )
    expect(told.sort()).toEqual(operations.map(({ method, path }) => `${method} ${routeOf(path)}`).sort())
  })

  it('knows which methods an address takes', () => {
    expect([
      methodsAt('/v1/consignment-notes'),
      methodsAt('/v1/consignments/x/movements'),
      methodsAt('/v1/consignments/x'),
      methodsAt('/v1'),
      methodsAt('/openapixjson'),
    ]).toEqual([['POST'], ['POST'], ['GET', 'HEAD'], [], []])
  })

  it('points only to schemas that it has, each with a name of its own', () => {
    const wanted = [...JSON.stringify(description).matchAll(/"\$ref":"([^"]*)"/g)].map(([, ref]) => ref ?? '')
    expect(wanted.length).toBeGreaterThan(300)
    expect(wanted.filter((ref) => !Object.hasOwn(description.components.schemas, ref.replace('#/components/schemas/', '')))).toEqual([])
  })

  it('has schemas that bodies and answers can be checked with', () => {
    const ajv = new Ajv2020({ strict: false })
    ajv.addSchema({ $id: 'https://karvan.example/openapi', ...description })
    for (const name of Object.keys(description.components.schemas))
      expect(ajv.compile({ $ref: `https://karvan.example/openapi#/components/schemas/${name}` })).toBeInstanceOf(Function)
  })

  const schemaFile = join(metaschemas, 'schema.json')
  const whereThere = existsSync(schemaFile) ? it : it.skip
  whereThere('is OpenAPI 3.1, as its meta-schema says (skipped where the meta-schema is not at hand)', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true })
    // ajv leads the dynamic reference astray; what it means here is that a schema is an object or a boolean, and the case above compiles each.
    const check = ajv.compile(JSON.parse(readFileSync(schemaFile, 'utf8').replaceAll('"$dynamicRef": "#meta"', '"$ref": "#/$defs/schema"')) as object)
    check(description)
    expect(check.errors ?? []).toEqual([])
  })
})
