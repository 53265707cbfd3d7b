import type { Controller } from '../../controller/controller.ts'
import { fetch } from '../../protocol/messages/01-fetch.ts'
import { controllerHandler } from '../controller-handler.ts'

/*
 * On the controller port: Fetch of __cluster_metadata, by name, so up to version 12. Records are served up to what the
 * controller has on disk. Kafka has followers fetch beyond its high watermark, since they help to commit; here they do not.
 */
export const fetchMetadataLogHandler = (controller: Controller) =>
  controllerHandler(fetch, (request) => controller.fetch(request))
