import type { Controller } from '../../controller/controller.ts'
import { updateFeatures } from '../../protocol/messages/57-update-features.ts'
import { controllerHandler } from '../controller-handler.ts'

/* On the controller port. Versions 0-2. metadata.version cannot be lowered: the log is written in its newest form only. */
export const updateFeaturesHandler = (controller: Controller) =>
  controllerHandler(
    updateFeatures,
    async (request, { apiVersion, access }) => {
      access.requireOnCluster('alter')
      return controller.updateFeatures(request, apiVersion)
    },
    (error) => ({ throttleTimeMs: 0, errorCode: error.code, errorMessage: error.message, results: [] }),
  )
