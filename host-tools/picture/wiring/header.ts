/*
 * The pins of the development board in the picture: Espressif's ESP32-DevKitC V4 and the many boards with the same 38
 * pins, seen from above, antenna up, USB down. Data only.
 */
export interface HeaderPin {
  /** "D18" as Espruino calls it; of a pin that is no GPIO, what is printed. */
  name: string;
  /** What is printed beside it where that is no number. */
  printed?: string;
}

const pins = (names: string): HeaderPin[] =>
  names.split(' ').map((word) => {
    const [name, printed] = word.split('=');
    return { name, printed };
  });

export const header = {
  left: pins('3V3 EN D36=VP D39=VN D34 D35 D32 D33 D25 D26 D27 D14 D12 GND D13 D9 D10 D11 5V'),
  right: pins('GND D23 D22 D1=TX D3=RX D21 GND D19 D18 D5 D17 D16 D4 D0 D2 D15 D8 D7 D6'),
};
