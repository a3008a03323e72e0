import { describe, expect, it } from '@jest/globals'
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

/** What each part may import, beside itself and Node's own modules. `test` and `spec` files may import everything. */
const allowed: Readonly<Record<string, { readonly libs: readonly string[]; readonly packages: readonly string[] }>> = {
  'libs/documents': { libs: [], packages: ['ajv'] },
  'libs/consignment': { libs: ['documents'], packages: [] },
  'libs/signature': { libs: ['documents', 'consignment'], packages: ['jose'] },
  'libs/exchange': { libs: ['documents', 'consignment', 'signature'], packages: [] },
  'libs/log-kafka': { libs: ['exchange'], packages: ['kafkajs', '@nestjs/microservices', 'rxjs'] },
  'libs/log-postgres': { libs: ['exchange'], packages: ['pg'] },
  'libs/ledger-postgres': { libs: ['documents', 'consignment', 'signature', 'exchange'], packages: ['pg', 'typeorm'] },
  'libs/log': { libs: ['exchange', 'log-kafka', 'log-postgres'], packages: [] },
  'libs/node': {
    libs: ['documents', 'consignment', 'signature', 'exchange', 'log-kafka', 'log', 'ledger-postgres'],
    packages: ['@nestjs/common', '@nestjs/core', '@nestjs/microservices', '@nestjs/platform-fastify', 'fastify', '@fastify/rate-limit', 'jose', 'prom-client', 'reflect-metadata', 'rxjs'],
  },
  apps: { libs: ['node'], packages: [] },
}

const pureParts = ['libs/documents', 'libs/consignment', 'libs/signature']
const impure = /\b(Date\.now|new Date\(\)|Math\.random|performance\.now|setTimeout|setInterval|process\.env|node:(fs|net|http|https|child_process|os))\b/
const unicodeDependent = /\\p\{|\.normalize\(|\.toLocale|\.localeCompare\(|\bIntl\.|\.toUpperCase\(|\.toLowerCase\(/

const root = dirname(dirname(fileURLToPath(import.meta.url)))

function sourcesBelow(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !/\.(spec|fixture)\.ts$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((file) => !file.includes('/generated/') && !file.startsWith('apps/web/'))
}

function importsOf(file: string): readonly string[] {
  return ts.preProcessFile(readFileSync(join(root, file), 'utf8'), true, true).importedFiles.map(({ fileName }) => fileName)
}

function faultOf(part: string, file: string, target: string): string | undefined {
  const { libs, packages } = allowed[part] ?? { libs: [], packages: [] }
  if (target.startsWith('node:')) return undefined
  if (target.startsWith('.')) {
    const path = relative(root, resolve(root, dirname(file), target))
    const within = part === 'apps' ? file.split('/').slice(0, 2).join('/') : part
    return path.startsWith(`${within}/`) || (within.startsWith('libs/') && path.startsWith(`${within}/`)) ? undefined : `${file} reaches into ${path}`
  }
  if (target.startsWith('#libs/')) return libs.includes(target.slice('#libs/'.length)) ? undefined : `${file} imports ${target}`
  return packages.some((name) => target === name || target.startsWith(`${name}/`)) ? undefined : `${file} imports ${target}`
}

describe('the architecture', () => {
  for (const part of Object.keys(allowed)) {
    it(`${part} imports only what lies below it`, () => {
      const faults = sourcesBelow(part).flatMap((file) => importsOf(file).map((target) => faultOf(part, file, target)))
      expect(faults.filter((fault) => fault !== undefined)).toEqual([])
    })
  }

  it('keeps clock, chance, environment and I/O out of what judges', () => {
    expect(pureParts.flatMap(sourcesBelow).filter((file) => impure.test(readFileSync(join(root, file), 'utf8')))).toEqual([])
  })

  it('keeps Unicode tables, which differ between versions of Node, out of what judges', () => {
    const judging = [...sourcesBelow('libs/consignment'), ...sourcesBelow('libs/signature'), ...sourcesBelow('libs/documents').filter((file) => !file.endsWith('/door.ts'))]
    expect(judging.filter((file) => unicodeDependent.test(readFileSync(join(root, file), 'utf8')))).toEqual([])
  })

  it('decides by role in one table only', () => {
    const elsewhere = ['libs/exchange', 'libs/consignment', 'libs/node'].flatMap(sourcesBelow).filter((file) => /\brole\s*===\s*'|\b[rR]oles\.includes\('/.test(readFileSync(join(root, file), 'utf8')))
    expect(elsewhere).toEqual([])
  })

  it('has no folder for odds and ends', () => {
    const folders = ['libs', 'apps'].flatMap((top) => readdirSync(join(root, top), { withFileTypes: true, recursive: true })).filter((entry) => entry.isDirectory())
    expect(folders.filter(({ name }) => ['common', 'shared', 'utils', 'helpers', 'dto'].includes(name))).toEqual([])
  })
})
