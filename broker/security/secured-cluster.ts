import { AclTable } from './acl-table.ts'
import { allowEverything } from './authorizer.ts'
import { openAuthorizer } from './authorizer-config.ts'
import { parseListeners, usesSasl, usesTls } from './listener-config.ts'
import { readSaslConfig } from './sasl-config.ts'
import { readTlsConfig } from './tls-config.ts'

/** The file in the cluster's folder with the secret that its brokers know each other by. */
export const clusterSecretFile = 'cluster-secret'

/**
 * Whether anything keeps anyone from doing anything: then brokers prove to each other who they are, and the controller
 * port serves nobody else. Throws ConfigError for what this broker could not serve.
 */
export function isSecuredCluster(properties: ReadonlyMap<string, string>): boolean {
  const listeners = parseListeners(properties)
  for (const listener of listeners) {
    if (usesTls(listener)) readTlsConfig(properties, listener.name)
    if (usesSasl(listener)) readSaslConfig(properties, listener.name)
  }
  const authorizer = openAuthorizer(properties, new AclTable())
  return authorizer !== allowEverything || listeners.some(({ protocol }) => protocol !== 'PLAINTEXT')
}
