namespace NetVips;

public static class Enums
{
    public enum Access { Random, Sequential, SequentialUnbuffered }

    public enum BandFormat { Notset = -1, Uchar, Char, Ushort, Short, Uint, Int, Float, Complex, Double, Dpcomplex }

    public enum CompassDirection { Centre, North, East, South, West, NorthEast, SouthEast, SouthWest, NorthWest }

    public enum Extend { Black, Copy, Repeat, Mirror, White, Background }

    public enum FailOn { None, Truncated, Error, Warning }

    public enum Interesting { None, Centre, Entropy, Attention, Low, High, All }

    public enum Interpretation
    {
        Error = -1, Multiband = 0, Bw = 1, Histogram = 10, Xyz = 12, Lab = 13, Cmyk = 15, Labq = 16, Rgb = 17, Cmc = 18, Lch = 19, Labs = 21, Srgb = 22, Yxy = 23,
        Fourier = 24, Rgb16 = 25, Grey16 = 26, Matrix = 27, Scrgb = 28, Hsv = 29,
    }

    [Flags]
    public enum LogLevelFlags
    {
        FlagRecursion = 1, FlagFatal = 2, Error = 4, Critical = 8, Warning = 16, Message = 32, Info = 64, Debug = 128,
        AllButFatal = All & ~FlagFatal, AllButRecursion = All & ~FlagRecursion, All = 255, FlagMask = 3, LevelMask = ~FlagMask,
    }

    public enum Size { Both, Up, Down, Force }
}
