import type { ApiDependencies } from './api/dependencies.js';
import type { Config } from './config/config.js';
import { readCallbackFields } from './gateway/codepay/codepay-callback-reader.js';
import { createBodySealer } from './store/body-sealer.js';

/** Bodies may hold payer data: they are stored sealed, and read field by field. */
export function callbackBodies({
  verifyTokenSecret,
}: Config): Pick<ApiDependencies, 'sealBody' | 'readCallback'> {
  const { seal, open } = createBodySealer(verifyTokenSecret);
  return {
    sealBody: seal,
    readCallback: ({ sealedBody, contentType }) => {
      try {
        return readCallbackFields(open(sealedBody), contentType ?? undefined);
      } catch {
        // Sealed under a secret that was replaced since.
        return null;
      }
    },
  };
}
