import type { go } from '../../api';
import { t } from '../../i18n';
import { formatDateTime } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import base from './inventory.module.css';
import { Count, Exchange, Nothing, Words } from './parts';
import { authWord } from './words';

/** Auths are the ways in which callers proved who they are. */
export function Auths({ auths }: { auths: go.AuthUse[] }) {
  if (auths.length === 0) return <Nothing>{t('inventory.auth.unknown')}</Nothing>;
  return (
    <ul className={base.reasons}>
      {auths.map(({ kind, name, n, ok, last, query }) => (
        <li key={`${kind} ${name}`}>
          <span className={base.points} data-warn={kind === 'none' || undefined}>
            {authWord(kind)}
          </span>
          <span>
            {name && (
              <span className={base.mono}>
                <Visible text={name} />{' '}
              </span>
            )}
            <Count n={n} query={query} label={t('inventory.auth.n', { n })} />{' '}
            <span className={base.dim}>{t('inventory.auth.ok', { n: ok })}</span> <Exchange id={last} />
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Security is how connections were secured. */
export function Security({ list }: { list: go.TLSUse[] }) {
  if (list.length === 0) return null;
  return (
    <ul className={base.reasons}>
      {list.map(({ version, issuer, expiry, unverified, n }) => (
        <li key={`${version} ${issuer} ${expiry}`}>
          <span className={base.points} data-warn={!version || unverified || undefined}>
            {version || t('inventory.tls.plain')}
          </span>
          <span>
            {t('inventory.count.exchanges', { n })}
            {issuer && (
              <>
                {' · '}
                {t('inventory.tls.issuer')} <Visible text={issuer} />
              </>
            )}
            {expiry && ` · ${t('inventory.tls.expiry', { when: formatDateTime(expiry) })}`}
            {unverified && ` · ${t('inventory.tls.unverified')}`}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Cors is who else may read the answers in a browser. */
export function Cors({ cors }: { cors: go.CORSUse }) {
  if (cors.origins.length === 0) return null;
  return (
    <p className={base.paragraph}>
      {t('inventory.cors.origins')} <Words words={cors.origins} most={10} />{' '}
      {cors.credentials && <span data-warn>{t('inventory.cors.credentials')} </span>}
      <Exchange id={cors.last} />
    </p>
  );
}

/** Limits are limits as the server says them. */
export function Limits({ limits }: { limits: go.LimitUse[] }) {
  if (limits.length === 0) return null;
  return (
    <ul className={base.reasons}>
      {limits.map(({ header, value, last }) => (
        <li key={header}>
          <span className={base.mono}>
            <Visible text={header} />
          </span>
          <span>
            <Visible text={value} /> <Exchange id={last} />
          </span>
        </li>
      ))}
    </ul>
  );
}
