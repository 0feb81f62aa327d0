export default function Screen() {
  return <main>diff</main>;
}
