namespace NetVips;

public class Operation : VipsObject
{
    private const nuint IntType = 6 << 2, DoubleType = 15 << 2, StringType = 16 << 2;

    private readonly string _name;

    internal Operation(string name) : base(Native.NewOperation(name))
    {
        _name = name;
        if (IsInvalid)
            throw new VipsException($"no such operation {name}");
    }

    public static void Block(string name, bool state) => Native.Block(name, state ? 1 : 0);

    internal Operation With(string option, bool? value) => With(option, value is null ? null : value.Value ? 1 : 0);

    internal Operation With<T>(string option, T? value) where T : struct, Enum => With(option, value is null ? null : Convert.ToInt32(value.Value));

    // GLib converts a number into the property's own type: enumerations, flags and booleans too.
    internal Operation With(string option, int? value) => value is null ? this : Set(option, IntType, (ref v) => Native.SetInt(ref v, value.Value));

    internal Operation With(string option, double? value) => value is null ? this : Set(option, DoubleType, (ref v) => Native.SetDouble(ref v, value.Value));

    internal Operation With(string option, string value) => value is null ? this : Set(option, StringType, (ref v) => Native.SetString(ref v, value));

    internal Operation With(string option, Image value) => Set(option, Native.ImageType(), (ref v) => Native.SetObject(ref v, value));

    internal unsafe Operation With(string option, double[] value) => value is not { Length: > 0 } ? this : Set(option, Native.DoublesType(), (ref v) =>
    {
        fixed (double* items = value)
            Native.SetDoubles(ref v, items, value.Length);
    });

    internal unsafe Operation With(string option, ReadOnlySpan<byte> bytes)
    {
        nint blob;
        fixed (byte* first = bytes)
            blob = Native.CopyBlob(first, (nuint)bytes.Length);
        if (blob == 0)
            throw new VipsException($"unable to call {_name}");
        Set(option, Native.BlobType(), (ref v) => Native.SetBoxed(ref v, blob));
        Native.UnrefBlob(blob);
        return this;
    }

    /// <summary>Options in one string, as in "[fail_on=error]".</summary>
    internal Operation WithOptions(string options)
    {
        if (!string.IsNullOrEmpty(options) && Native.SetFromString(this, options) != 0)
            throw new VipsException($"unable to call {_name}");
        return this;
    }

    internal Image ToImage() => Run("out", Native.ImageType(), value => new Image(Native.GetObject(value)));

    internal byte[] ToBytes() => Run("buffer", Native.BlobType(), value =>
    {
        unsafe
        {
            var bytes = Native.BlobBytes(Native.GetBoxed(value), out var length);
            return new ReadOnlySpan<byte>((void*)bytes, (int)length).ToArray();
        }
    });

    private T Run<T>(string output, nuint type, Func<GValue, T> take)
    {
        using (this)
        {
            var built = handle;
            var failed = Native.Build(ref built) != 0;
            SetHandle(built);
            try
            {
                if (failed)
                    throw new VipsException($"unable to call {_name}");
                var value = default(GValue);
                Native.Init(ref value, type);
                Native.GetProperty(this, output, ref value);
                var result = take(value);
                Native.Unset(ref value);
                return result;
            }
            finally
            {
                // Drops the operation's own references to outputs, and only to those that it made.
                Native.UnrefOutputs(handle);
            }
        }
    }

    private Operation Set(string option, nuint type, Put put)
    {
        var value = default(GValue);
        Native.Init(ref value, type);
        put(ref value);
        Native.SetProperty(this, option, value);
        Native.Unset(ref value);
        return this;
    }

    private delegate void Put(ref GValue value);
}
