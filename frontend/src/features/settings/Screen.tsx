export default function Screen() {
  return <main>settings</main>;
}
