@main struct Copyscope { static func main() {} }
