/** Port numbers as they are written in a corridor's files: for a base of 4000, from which every run is moved as a whole. */
export const writtenBase = 4000

/** How many ports from its base a corridor may have: a second one is started this far away. */
export const portSpan = 500

/** Servers that every corridor has, beside its nodes. */
export const serverPorts = { kafka: 4092, kafkaController: 4093, identity: 4100, postgres: 4432 } as const
