# Services that are something else in the mesh than one behind a proxy; marks as in every-field.
job "edge" {
  datacenters = ["dc1"]
  group "gates" {
    network {
      mode = "bridge"
      port "in" {
        static = 18443
      }
      port "out" {
        static = 18444
      }
      port "wan" {
        static = 18445 #~ needed static = 18446
      }
      port "spare" {
        static = 18447
      }
    }
    service {
      name = "ingress"
      port = "in"
      tags = ["edge"] #~
      meta {
        team = "edge" #~ team = "other"
      }
      tagged_addresses {
        wan = "192.0.2.1:443" #~ wan = "192.0.2.2:443"
      }
      connect {
        gateway {
          proxy {
            connect_timeout = "1s" #~ connect_timeout = "1500ms"
            config {
              protocol = "http" #~ protocol = "tcp"
              ratio    = 1.5 #~ ratio = 2
              nested {
                k = "v" #~ k = ["a"]
              }
            }
          }
          ingress {
            listener {
              port     = 8081 #~ needed port = 8082
              protocol = "http"
              service {
                name = "web" #~ needed name = "shop"
              }
            }
          }
        }
      }
    }
    service {
      name = "terminating"
      port = "out"
      connect {
        gateway {
          proxy {
            envoy_gateway_bind_tagged_addresses = true #~
            envoy_gateway_no_default_bind       = true #~
            envoy_dns_discovery_type            = "STRICT_DNS" #~ envoy_dns_discovery_type = "LOGICAL_DNS"
            envoy_gateway_bind_addresses "all" {
              address = "0.0.0.0" #~ needed address = "127.0.0.1"
              port    = -1 #~ needed port = 9000
            }
          }
          terminating {
            service {
              name = "old"
            }
          }
        }
      }
    }
    service {
      name = "mesh"
      port = "wan"
      weights {
        passing = 2 #~ passing = 3
      }
      connect {
        gateway {
          mesh {}
        }
      }
    }
    service {
      name = "native"
      port = "9001"
      task = "web"
      connect { native = true } #~
    }
    service {
      name = "door"
      port = "9002"
      kind = "api-gateway" #~ kind = "ingress-gateway"
    }
    task "web" {
      driver = "exec"
    }
  }
}
