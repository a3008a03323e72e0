import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { PostgresAddress } from '#libs/log'
import { createNodeDatabase } from '../../infra/postgres/node-database.js'
import type { NodeConfig, NodePlan } from '../process-config.js'

const longestName = 40

/** Gives each node its database and key file. One after the other: roles are made in one catalogue. */
export async function housed(plans: readonly NodePlan[], adminUrl: string, dataDir: string, portBase: number): Promise<readonly NodeConfig[]> {
  const nodes: NodeConfig[] = []
  for (const { country: _country, name: _name, ...node } of plans) {
    const { ownerUrl, runtimeUrl } = await createNodeDatabase(adminUrl, databaseNameOf(node.participant, portBase))
    nodes.push({ ...node, databaseUrl: runtimeUrl, databaseOwnerUrl: ownerUrl, keyFile: join(dataDir, 'keys', `${node.participant}.json`) })
  }
  return nodes
}

/** The database of a log on PostgreSQL; two underscores, which the name of no participant gives. */
export async function logDatabase(adminUrl: string, portBase: number): Promise<PostgresAddress> {
  const { ownerUrl, runtimeUrl } = await createNodeDatabase(adminUrl, `karvan_${portBase}__log`)
  return { kind: 'postgres', databaseUrl: runtimeUrl, ownerUrl }
}

/** The port base is part of the name, so that two corridors can live in one existing server. */
export function databaseNameOf(participant: string, portBase: number): string {
  const name = `karvan_${portBase}_${participant.replaceAll('-', '_')}`
  if (name.length <= longestName) return name
  return `${name.slice(0, longestName - 9)}_${createHash('sha256').update(participant).digest('hex').slice(0, 8)}`
}
