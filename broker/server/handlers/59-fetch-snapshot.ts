import type { Controller } from '../../controller/controller.ts'
import { fetchSnapshot } from '../../protocol/messages/59-fetch-snapshot.ts'
import { controllerHandler } from '../controller-handler.ts'

/* On the controller port. Versions 0-1. */
export const fetchSnapshotHandler = (controller: Controller) =>
  controllerHandler(fetchSnapshot, (request) => controller.fetchSnapshot(request))
