job "elsewhere" {
  datacenters = ["dc9"]

  group "g" {
    service {
      name = "far"
      port = "9001"
    }
  }
}
