# Lines with a mark are taken away by the test, and replaced by what follows the mark.
job "shop" {
  datacenters = ["dc1"]
  group "api" {
    network {
      mode = "bridge"
      port "http" {
        static = 18080 #~ needed static = 18081
        to     = 8080
      }
      port "admin" {
        static = 19100
      }
      port "metrics" {
        static = 19200
      }
      port "probes" {
        static = 19300
      }
      port "edge" {
        to = 21000 #~ to = 21001
      }
    }
    service {
      name = "cart"
      port = "http"
      tags = ["v1", "blue"] #~ tags = ["blue", "v1"]
      enable_tag_override = true #~
      address = "127.0.0.9" #~ address = "cart.example"
      weights {
        passing = 3 #~ passing = 4
        warning = 2 #~ warning = 0
      }
      tagged_addresses {
        vpn      = "192.0.2.7:9090" #~ vpn = "192.0.2.7"
        lan_ipv4 = "192.0.2.8" #~ lan_ipv4 = "192.0.2.8:1"
        six      = "[fd00::9]:9090" #~ six = "fd00::9"
      }
      meta {
        team = "shop" #~ team = "other"
        idx  = "${NOMAD_ALLOC_INDEX}" #~
      }
      check {
        name            = "up" #~ name = "down"
        type            = "http"
        port            = "admin" #~ port = "http"
        protocol        = "https" #~
        path            = "/health" #~ needed path = "/healthz?full=1"
        interval        = "10s" #~ needed interval = "11s"
        timeout         = "2s" #~ needed timeout = "1500ms"
        method          = "GET" #~ method = "HEAD"
        body            = "{}" #~ body = "[]"
        tls_skip_verify = true #~
        initial_status  = "warning" #~ initial_status = "critical"
        success_before_passing   = 2 #~ success_before_passing = 3
        failures_before_critical = 3 #~ failures_before_critical = 4
        header {
          X-A = ["1", "2"] #~ X-A = ["1"]
          Authorization = ["Basic Zm9v"] #~
        }
      }
      check {
        name         = "rpc"
        type         = "grpc"
        grpc_service = "my.Svc" #~ grpc_service = "other.Svc"
        grpc_use_tls = true #~
        interval     = "10s"
        timeout      = "2s"
      }
      check {
        name     = "let-through"
        type     = "http"
        port     = "probes" #~ needed port = "admin"
        path     = "/through" #~ needed path = "/otherwise"
        protocol = "http" #~
        expose   = true #~
        interval = "10s"
        timeout  = "2s"
      }
      check {
        name     = "reported"
        type     = "script"
        command  = "/bin/true"
        task     = "web"
        interval = "10s" #~ needed interval = "12s"
        timeout  = "2s" #~ needed timeout = "3s"
        initial_status = "passing" #~
      }
      connect {
        sidecar_service {
          tags = ["proxy"] #~ tags = ["edge", "proxy"]
          port = "edge" #~
          disable_default_tcp_check = true #~
          meta {
            k = "v" #~ k = "w"
          }
          proxy {
            local_service_address = "127.0.0.2" #~ local_service_address = "127.0.0.4"
            local_service_port    = 8081 #~ local_service_port = 8082
            expose {
              path {
                path            = "/metrics" #~ needed path = "/other"
                protocol        = "http" #~ protocol = "http2"
                local_path_port = 9102 #~ local_path_port = 9103
                listener_port   = "metrics" #~ needed listener_port = "admin"
              }
            }
            config {
              protocol = "http" #~ protocol = "tcp"
              ratio    = 1.5 #~ ratio = 2
              big      = 12345678901234567890 #~ big = 3
              flag     = true #~ flag = false
              list     = ["a", "b"] #~ list = ["b"]
              bind_address = "127.0.0.1" #~ bind_address = "10.0.0.1"
              nested {
                k = "v" #~ k = [1, 2]
              }
            }
            upstreams {
              destination_name   = "db" #~ needed destination_name = "database"
              local_bind_port    = 5432 #~ needed local_bind_port = 5433
              local_bind_address = "127.0.0.3" #~ local_bind_address = "127.0.0.5"
              datacenter         = "dc1" #~ datacenter = "dc2"
              destination_type   = "prepared_query" #~ destination_type = "service"
              mesh_gateway {
                mode = "local" #~ mode = "remote"
              }
              config {
                connect_timeout_ms = 1000 #~ connect_timeout_ms = 1001
              }
            }
            upstreams {
              destination_name = "cache"
              local_bind_port  = 6379
            }
          }
        }
      }
    }
    task "web" {
      driver = "docker"
    }
  }
}
