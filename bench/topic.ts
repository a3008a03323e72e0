/** A constant, because Nest wants it in a decorator; the bench's Kafka is its own. */
export const benchTopic = 'bench.1.events'
export const benchParticularsTopic = 'bench.1.particulars'
