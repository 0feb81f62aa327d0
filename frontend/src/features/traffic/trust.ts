import { api } from '../../api';
import { notifyError, notifyUndo } from '../../frame/notify';
import { t } from '../../i18n';

const pass = async (host: string) => void (await api.actions.PassThrough({ host }));
const decrypt = async (host: string) => void (await api.actions.Decrypt({ host }));

/** passThrough leaves a host unread from now on. */
export async function passThrough(host: string): Promise<void> {
  try {
    await pass(host);
    notifyUndo(t('traffic.trust.passed', { host }), () => decrypt(host));
  } catch (reason) {
    notifyError(reason);
  }
}

/** decryptAgain has a host read from now on that was passed through. */
export async function decryptAgain(host: string): Promise<void> {
  try {
    await decrypt(host);
    notifyUndo(t('traffic.trust.decrypted', { host }), () => pass(host));
  } catch (reason) {
    notifyError(reason);
  }
}
