import { Kafka, logLevel, type Admin } from 'kafkajs'

/** What the administrator of the brokers could do to a corridor. */
export async function asKafkaAdmin<T>(brokers: readonly string[], act: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = new Kafka({ brokers: [...brokers], clientId: 'administrator', logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  try {
    return await act(admin)
  } finally {
    await admin.disconnect()
  }
}
