import type { go } from '../../api';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import { Assets } from './Assets';
import { Answered, Card, Empty, Evidence } from './parts';
import { usePosture } from './queries';
import { proofOf } from './refs';
import classes from './Score.module.css';
import { useHome } from './store';
import { Reasons } from './Why';
import { areaWord, points } from './words';

/** Score is how the score is made: the table, every reason with its points, what nobody knows, and the parts. */
export function Score() {
  const of = useHome((home) => home.of);
  const posture = usePosture(of);
  return (
    <div className={classes.score}>
      <Answered query={posture} rows={14}>
        {(data) => (
          <>
            <Formula posture={data} />
            {data.areas
              .filter(({ n }) => n > 0)
              .map(({ area }) => (
                <Area key={area} area={area} reasons={data.reasons} />
              ))}
            <Gaps gaps={data.gaps} />
            {data.more > 0 && <p className={classes.more}>{t('home.formula.more', { n: data.more })}</p>}
          </>
        )}
      </Answered>
      {of === '' && <Assets most={50} />}
    </div>
  );
}

function Formula({ posture }: { posture: go.HomePosture }) {
  const { areas, score, enough, grade } = posture;
  const taken = areas.reduce((sum, area) => sum + area.taken, 0);
  const ceiling = score < Math.round((100 - taken) * 10) / 10;
  return (
    <Card title={t('home.formula.title')}>
      <div className={classes.body}>
        <p className={classes.text}>{t('home.formula.text')}</p>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t('home.formula.area')}</th>
              <th scope="col" className={classes.number}>
                {t('home.formula.limit')}
              </th>
              <th scope="col" className={classes.number}>
                {t('home.formula.taken')}
              </th>
              <th scope="col" className={classes.bars} aria-hidden />
            </tr>
          </thead>
          <tbody>
            {areas.map(({ area, limit, taken: points_, n, why }) => (
              <tr key={area}>
                <th scope="row">
                  {areaWord(area)} <span className={classes.faint}>{t('home.formula.reasons', { n })}</span>
                  <span className={classes.about}>{why}</span>
                </th>
                <td className={classes.number}>{points(limit)}</td>
                <td className={classes.number} data-bad={points_ > 0 || undefined}>
                  {points_ > 0 ? `−${points(points_)}` : '0'}
                </td>
                <td className={classes.bars} aria-hidden>
                  <span className={classes.bar} style={{ width: `${limit * 2}%` }}>
                    <span style={{ width: `${limit > 0 ? Math.min(100, (100 * points_) / limit) : 0}%` }} />
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">
                {enough ? t('home.formula.score', { grade }) : t('home.formula.atMost')}
                {ceiling && <span className={classes.about}>{t('home.formula.ceiling')}</span>}
              </th>
              <td className={classes.number}>100</td>
              <td className={classes.number}>{points(score)}</td>
              <td className={classes.bars} aria-hidden />
            </tr>
          </tfoot>
        </table>
        <p className={classes.text}>{t('home.formula.grades')}</p>
      </div>
    </Card>
  );
}

function Area({ area, reasons }: { area: string; reasons: readonly go.HomeReason[] }) {
  const own = reasons.filter((reason) => reason.area === area);
  if (own.length === 0) return null;
  return (
    <Card title={areaWord(area)}>
      <Reasons reasons={own} ofArea />
    </Card>
  );
}

function Gaps({ gaps }: { gaps: readonly go.HomeGap[] }) {
  return (
    <Card title={t('home.gaps.title')}>
      {gaps.length === 0 ? (
        <Empty>
          <p>{t('home.gaps.none')}</p>
        </Empty>
      ) : (
        <ul className={classes.gaps}>
          {gaps.map((gap, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two gaps may say the same
            <li key={at}>
              <Visible text={gap.what} /> {gap.ref && <Evidence evidence={proofOf(gap.code, gap.ref)} />}
              {gap.advice && (
                <span className={classes.about}>
                  <Visible text={gap.advice} />
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
