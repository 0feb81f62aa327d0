import { IconShieldExclamation } from '@tabler/icons-react';
import type { go } from '../../api';
import { t } from '../../i18n';
import { formatBytes } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import { Severity } from '../findings/parts';
import base from '../inventory/inventory.module.css';
import { openThreat } from '../threats/acts';
import { signWord } from '../threats/parts';
import { Foldable } from './Foldable';
import classes from './SignBar.module.css';

/** SignBar says above a chat in which threats the exchange counts, and what detectors see in it. */
export function SignBar({ out }: { out: go.SignsOut | undefined }) {
  if (!out || out.threats.length + out.signs.length === 0) return null;
  const { threats, signs, cut } = out;
  return (
    <section className={classes.bar} aria-label={t('threats.chat.label')}>
      {threats.length > 0 && (
        <ul className={classes.threats}>
          {threats.map((threat) => (
            <li key={threat.id}>
              <Severity severity={threat.severity} />{' '}
              <button type="button" className={base.link} onClick={() => openThreat(threat.id)}>
                <Visible text={threat.title} />
              </button>
            </li>
          ))}
        </ul>
      )}
      {signs.length > 0 && (
        <Foldable
          icon={<IconShieldExclamation size={15} aria-hidden />}
          title={t('threats.chat.title', { n: threats.length, signs: signs.length })}
        >
          <ul className={base.bullets}>
            {signs.map(({ sign, rule }, n) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: signs of one exchange in order
              <li key={n}>
                <strong>
                  <Visible text={signWord(sign)} />
                </strong>{' '}
                <span className={base.dim}>
                  {t('threats.sign.where', { where: sign.where, score: sign.score })}
                </span>{' '}
                <Visible text={sign.why} />{' '}
                {rule && (
                  <span className={base.dim}>
                    <Visible text={t('threats.chat.by', { rule })} />
                  </span>
                )}
              </li>
            ))}
          </ul>
          {cut > 0 && <p className={base.nothing}>{t('threats.chat.cut', { size: formatBytes(cut) })}</p>}
        </Foldable>
      )}
    </section>
  );
}
