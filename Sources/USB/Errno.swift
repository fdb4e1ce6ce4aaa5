/// Linux error numbers as the driver, the controller and the host use them (`asm-generic/errno.h`).
public enum Errno: Int32, Equatable, Sendable, CaseIterable {
  case ENOENT = 2
  case ESRCH = 3
  case EINTR = 4
  case EIO = 5
  case ENXIO = 6
  case E2BIG = 7
  case EBADF = 9
  case EAGAIN = 11
  case ENOMEM = 12
  case EACCES = 13
  case EFAULT = 14
  case EBUSY = 16
  case ENODEV = 19
  case EINVAL = 22
  case ENOTTY = 25
  case EFBIG = 27
  case ENOSPC = 28
  case EROFS = 30
  case EPIPE = 32
  case EDOM = 33
  case ERANGE = 34
  case ENOMSG = 42
  case EIDRM = 43
  case EL2HLT = 51
  case ENODATA = 61
  case ETIME = 62
  case EPROTO = 71
  case EBADMSG = 74
  case EOVERFLOW = 75
  case EBADFD = 77
  case EILSEQ = 84
  case EMSGSIZE = 90
  case EOPNOTSUPP = 95
  case ENETDOWN = 100
  case ECONNRESET = 104
  case ENOTCONN = 107
  case ESHUTDOWN = 108
  case ETIMEDOUT = 110
  case EHOSTUNREACH = 113
  case EINPROGRESS = 115
  case EREMOTEIO = 121
  case ENOMEDIUM = 123
  case ECANCELED = 125

  /// The symbol, such as `EINVAL`.
  public var name: String { String(describing: self) }

  /// The number as kernel functions return it.
  public var negated: Int { -Int(rawValue) }

  /// The error behind a negative kernel result, or nil for 0 and above and for unknown numbers.
  public init?(negated value: Int) {
    guard value < 0, value >= -4095 else { return nil }
    self.init(rawValue: Int32(-value))
  }
}
