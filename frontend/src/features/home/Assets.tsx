import { UnstyledButton } from '@mantine/core';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import { severityWord } from '../findings/parts';
import classes from './Assets.module.css';
import { showPart } from './parted';
import { Answered, Card, Empty } from './parts';
import { useAssets } from './queries';
import { kindWord, points } from './words';

const rest = (all: number, shown: number) => Math.max(0, all - shown);

/** Assets are what the risk lies in, the worst first; each opens its own score. */
export function Assets({ most }: { most: number }) {
  const assets = useAssets();
  return (
    <Card title={t('home.assets.title')}>
      <Answered query={assets} rows={6}>
        {({ items, more }) =>
          items.length === 0 ? (
            <Empty>
              <p>{t('home.assets.none')}</p>
            </Empty>
          ) : (
            <>
              <ul className={classes.list}>
                {items.slice(0, most).map((one) => (
                  <li key={one.ref}>
                    <UnstyledButton className={classes.one ?? ''} onClick={() => showPart(one)}>
                      <span className={classes.grade} data-grade={one.enough ? one.grade : '?'}>
                        {one.enough ? one.grade : '?'}
                      </span>
                      <span className={classes.name}>
                        <Visible text={one.name} />
                      </span>
                      <span className={classes.score}>
                        {one.enough
                          ? t('home.assets.score', { score: points(one.score) })
                          : t('home.assets.atMost', { most: points(one.score) })}
                      </span>
                      <span className={classes.facts}>
                        {kindWord(one.kind)}
                        {one.risk > 0 && ` · ${t('home.assets.risk', { risk: one.risk })}`}
                        {` · ${t('home.assets.open', { n: one.open, worst: one.worst ? severityWord(one.worst) : '' })}`}
                      </span>
                    </UnstyledButton>
                  </li>
                ))}
              </ul>
              {rest(items.length + more, most) > 0 && (
                <p className={classes.more}>{t('home.more', { n: rest(items.length + more, most) })}</p>
              )}
            </>
          )
        }
      </Answered>
    </Card>
  );
}
