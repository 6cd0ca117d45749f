/** What a chart shows, apart from how it is drawn. */

/** Place in the palette; it follows the theme. */
export type SeriesColour = 1 | 2 | 3 | 4;

export interface ChartSeries {
  readonly label: string;
  readonly colour: SeriesColour;
  readonly shape: 'line' | 'bars';
  /** A second mark besides the colour. */
  readonly isDashed?: boolean;
  /** One for each minute; `null` where nothing was counted. */
  readonly values: readonly (number | null)[];
}

/** A figure of the whole hour. */
export interface ChartFigure {
  readonly text: string;
  /** Address of the list behind it, where there is one. */
  readonly href?: string;
}

export interface ChartSpec {
  readonly id: string;
  readonly title: string;
  readonly figures: readonly ChartFigure[];
  readonly series: readonly ChartSeries[];
  readonly format: (value: number) => string;
  /** Upper end of the scale when it is fixed. */
  readonly maximum?: number;
  /** Further columns of the table, which are not drawn. */
  readonly tableOnly?: readonly {
    readonly label: string;
    readonly values: readonly string[];
  }[];
  /** What will be here while there is nothing. */
  readonly whenEmpty: string;
}
