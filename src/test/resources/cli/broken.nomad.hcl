job "broken" {
  datacenters = ["dc1"]

  group "g" {
    netwrok {
      mode = "bridge"
    }

    service {
      name = "web"
      prot = "9001"
    }
  }
}
