import 'reflect-metadata'
import { Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { Transport, type MicroserviceOptions } from '@nestjs/microservices'
import { Kafka, logLevel } from 'kafkajs'
import { DataSource } from 'typeorm'
import { openKafkaLog } from '#libs/log-kafka'
import type { Contestant } from '../apply/contest.js'
import { Gate } from '../apply/gate.js'
import { JudgingService, PLAIN_SETTINGS, type PlainSettings, type Writing } from './judging.service.js'
import { ConsignmentRow, StatementRow } from './rows.js'
import { seed } from './seed.js'
import { StatementsController } from './statements.controller.js'

/**
 * The plain Nest way, written well: ServerKafka, jose, ajv (inside the judge) and TypeORM, one message and one transaction at a time. It keeps the
 * register in memory and judges by our own rules, so that the work is comparable; it checks no canonical form and keeps no tree of leaves.
 */
export function openPlain(writing: Writing): Contestant {
  return async ({ brokers, topic, corridor, database, steadyFrom }, gate) => {
    const source = await new DataSource({
      type: 'postgres', url: database.ownerUrl, entities: [StatementRow, ConsignmentRow], synchronize: true, installExtensions: false, poolSize: 4,
    }).initialize()
    await source.query('create index consignment_terms on consignment using gin (terms)')
    const groupId = `bench-plain-${writing}`
    const log = await openKafkaLog({ brokers, topic, clientId: groupId })
    const register = await seed(log, corridor.id, steadyFrom, source.getRepository(ConsignmentRow))
    await log.close()
    await beginAt(brokers, groupId, topic, steadyFrom)

    const app = await NestFactory.createMicroservice<MicroserviceOptions>(moduleOf(source, { corridor: corridor.id, register, writing }, gate), {
      logger: ['error'],
      transport: Transport.KAFKA,
      options: {
        postfixId: '',
        client: { brokers: [...brokers], clientId: groupId, logLevel: logLevel.ERROR },
        consumer: { groupId, readUncommitted: true, sessionTimeout: 300_000, rebalanceTimeout: 300_000 }, // between rounds it waits at the gate
        parser: { keepBinary: true },
      },
    })
    await app.listen()
  }
}

function moduleOf(source: DataSource, settings: PlainSettings, gate: Gate) {
  @Module({
    controllers: [StatementsController],
    providers: [JudgingService, { provide: DataSource, useValue: source }, { provide: PLAIN_SETTINGS, useValue: settings }, { provide: Gate, useValue: gate }],
  })
  class PlainModule {}
  return PlainModule
}

async function beginAt(brokers: readonly string[], groupId: string, topic: string, offset: number): Promise<void> {
  const admin = new Kafka({ brokers: [...brokers], clientId: groupId, logLevel: logLevel.ERROR }).admin()
  await admin.connect()
  await admin.setOffsets({ groupId, topic, partitions: [{ partition: 0, offset: String(offset) }] })
  await admin.disconnect()
}
