import { Button } from '@mantine/core';
import type { go } from '../../api';
import { t } from '../../i18n';
import { formatDateTime } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import base from '../inventory/inventory.module.css';
import { Nothing, Scrolls } from '../inventory/parts';
import { openRule, removeException } from './acts';
import { kindWord } from './parts';
import { useRenewThreats } from './queries';
import classes from './Rules.module.css';
import watch from './Watch.module.css';

/** Exceptions is what a person called harmless: of which rule, for whom, where, why. */
export function Exceptions({ exceptions }: { exceptions: readonly go.ThreatException[] }) {
  const renew = useRenewThreats();
  return (
    <Scrolls label={t('threats.exceptions.list')} className={watch.scrolls}>
      {exceptions.length === 0 && <Nothing>{t('threats.exceptions.none')}</Nothing>}
      <ul className={classes.exceptions}>
        {exceptions.map((one) => (
          <li key={one.id}>
            <div>
              <p>
                {one.rule === '*' ? (
                  t('threats.exceptions.every')
                ) : (
                  <button type="button" className={base.link} onClick={() => openRule(one.rule)}>
                    <Visible text={one.name || one.rule} />
                  </button>
                )}
              </p>
              <p>
                <Visible text={scopeWord(one)} />
              </p>
              {one.reason && (
                <p>
                  <Visible text={one.reason} />
                </p>
              )}
              <p className={base.dim}>{formatDateTime(one.added)}</p>
            </div>
            <Button size="compact-sm" variant="default" onClick={() => void removeException(one.id, renew)}>
              {t('threats.exceptions.remove')}
            </Button>
          </li>
        ))}
      </ul>
    </Scrolls>
  );
}

// For whom and where, in words.
function scopeWord({ actor, where, words }: go.ThreatException): string {
  const [kind = '', ...name] = actor.split(':');
  const of = actor ? t('threats.exceptions.actor', { kind: kindWord(kind), name: name.join(':') }) : '';
  return [of, words || where].filter(Boolean).join(', ') || t('threats.exceptions.everywhere');
}
