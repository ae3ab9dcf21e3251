# Everything in here that only an agent could tell.
job "open" {
  datacenters = ["dc1"]

  group "g" {
    count = 2

    network {
      mode = "bridge"

      port "http" {
        to = 8080
      }

      port "admin" {
        host_network = "private"
      }
    }

    service {
      name = "web"
      port = "http"
      tags = ["at-${NOMAD_ADDR_http}", "8080", "${attr.unique.network.ip-address}"]

      check {
        type     = "http"
        path     = "/health"
        interval = "10s"
        timeout  = "2s"
      }

      connect {
        sidecar_service {}
      }
    }

    service {
      name = "admin"
      port = "admin"
    }
  }
}
