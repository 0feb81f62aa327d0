import { IconUsers } from '@tabler/icons-react';
import { useNav } from '../../frame/nav';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import classes from './setup.module.css';
import { Tile } from './Tile';
import type { Status } from './useSetup';

/** Trust says in words what was seen of a client: how much, and whether it accepts our certificate. */
export function Trust({ requests, read, refused }: { requests: number; read: number; refused: number }) {
  const trust =
    refused > 0 ? (
      <span className={classes.bad}>{t('setup.trust.refused', { n: refused })}</span>
    ) : read > 0 ? (
      <span className={classes.good}>{t('setup.trust.trusted')}</span>
    ) : null;
  return (
    <>
      {requests === 0 && refused === 0 ? t('setup.trust.none') : t('setup.trust.requests', { n: requests })}
      {trust && <>, {trust}</>}
    </>
  );
}

/** Clients lists who has sent something since the project was opened. */
export function Clients({ status }: { status: Status }) {
  const go = useNav((nav) => nav.go);
  if (status.clients.length === 0) return null;
  return (
    <Tile icon={<IconUsers size={20} />} title={t('setup.clients.title')} section="clients">
      <ul className={classes.lines}>
        {status.clients.map((one) => (
          <li key={one.client} className={classes.line}>
            <button
              type="button"
              className={classes.link}
              disabled={!one.client}
              onClick={() => go('traffic', { query: `client=${quote(one.client)}` })}
            >
              {one.client ? <Visible text={one.client} /> : t('setup.clients.unknown')}
            </button>
            <span className={classes.status}>
              <Trust requests={one.requests} read={one.read} refused={one.refused} />
            </span>
          </li>
        ))}
      </ul>
    </Tile>
  );
}

function quote(text: string): string {
  return /^[\w.-]+$/.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`;
}
