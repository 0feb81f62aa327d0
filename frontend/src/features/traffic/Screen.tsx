export default function Screen() {
  return <main>traffic</main>;
}
