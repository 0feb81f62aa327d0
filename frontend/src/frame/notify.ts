import { notifications } from '@mantine/notifications';
import { ApiError } from '../api';

/** notifyError shows what went wrong: what, why, what to do. */
export function notifyError(reason: unknown) {
  const error = ApiError.from(reason);
  notifications.show({ color: 'red', title: error.message, message: error.hint, autoClose: 10_000 });
}
