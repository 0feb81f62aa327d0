import type { go } from '../../api';
import { t } from '../../i18n';
import { formatNumber } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import base from './inventory.module.css';
import classes from './Places.module.css';
import { Count, Exchange, Nothing } from './parts';
import { classWord, directionWord } from './words';

/** whereOf is where in a message data travels, in words. */
export function whereOf({ direction, role }: go.SensitivePlace): string {
  return role
    ? t('inventory.place.where', { direction: directionWord(direction), role })
    : directionWord(direction);
}

/** Places are where sensitive data travels at one endpoint. */
export function Places({ places }: { places: go.SensitivePlace[] }) {
  if (places.length === 0) return <Nothing>{t('inventory.sensitive.noneHere')}</Nothing>;
  return (
    <ul className={`${base.bare} ${classes.places}`}>
      {places.map((place) => (
        <li key={place.id}>
          <span className={classes.placeType}>
            <Visible text={place.type} />
            <span className={base.tag}>{classWord(place.class)}</span>
          </span>
          <span className={base.mono}>
            <Visible text={place.sample} />
          </span>
          <span className={base.dim}>
            <Visible text={whereOf(place)} /> <Visible text={place.path} />
          </span>
          <span className={classes.placeEnd}>
            {t('inventory.place.sure', { part: place.confidence })} ·{' '}
            <Count n={place.count} query={place.query} label={formatNumber(place.count)} />{' '}
            <Exchange id={place.last} label={t('inventory.place.last')} />
          </span>
        </li>
      ))}
    </ul>
  );
}
