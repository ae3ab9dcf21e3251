# Every key that a registration or a sidecar task is made of, once.
job "shop" {
  datacenters = ["dc1", "dc2"]
  region      = "eu"
  namespace   = "store"
  type        = "service"
  meta = {
    team = "red"
  }

  group "web" {
    count          = 2
    shutdown_delay = "1m30s"

    meta {
      color = "green"
    }

    constraint {
      attribute = "${attr.kernel.name}"
      value     = "linux"
    }

    ephemeral_disk {
      size = 500
    }

    network {
      mode = "bridge"
      port "http" {
        to = 8080
      }
      port "admin" {
        static       = 9090
        to           = -1
        host_network = "private"
      }
    }

    service {
      name                = "shop-web"
      port                = "http"
      tags                = ["v1", "n-${NOMAD_ALLOC_INDEX}"]
      address_mode        = "alloc"
      enable_tag_override = true
      on_update           = "ignore_warnings"
      provider            = "consul"

      meta {
        version = "1.2"
        shard   = 3
      }

      check {
        name                     = "alive"
        type                     = "HTTP"
        path                     = "/health?full=1"
        protocol                 = "https"
        port                     = "admin"
        address_mode             = "host"
        interval                 = "10s"
        timeout                  = "1.5s"
        initial_status           = "passing"
        method                   = "POST"
        body                     = "{}"
        notes                    = "kept here, never sent"
        tls_skip_verify          = true
        success_before_passing   = 2
        failures_before_critical = 3
        header {
          Authorization = ["Basic Zm9v"]
          X-Twice       = ["1", "2"]
        }
        check_restart {
          limit           = 3
          grace           = "90s"
          ignore_warnings = true
        }
      }

      check {
        type         = "grpc"
        grpc_service = "shop.Health"
        grpc_use_tls = true
        interval     = "20s"
        timeout      = "2s"
      }

      connect {
        sidecar_service {
          tags                      = ["proxy"]
          port                      = "mesh"
          disable_default_tcp_check = true
          meta {
            side = "car"
          }
          proxy {
            local_service_address = "127.0.0.2"
            local_service_port    = 8080
            config {
              protocol = "http"
              ratio    = 1.50
              flags    = [true, 7, "x"]
              nested {
                deep = "yes"
              }
            }
            upstreams {
              destination_name      = "db"
              destination_namespace = "data"
              destination_partition = "part"
              destination_peer      = "peer"
              destination_type      = "prepared_query"
              datacenter            = "dc2"
              local_bind_address    = "127.0.0.3"
              local_bind_port       = 5432
              mesh_gateway {
                mode = "local"
              }
              config {
                connect_timeout_ms = 500
              }
            }
            upstreams {
              destination_name       = "cache"
              local_bind_socket_path = "/run/cache.sock"
              local_bind_socket_mode = "0600"
            }
          }
        }
        sidecar_task {
          name   = "envoy"
          driver = "raw_exec"
          user   = "nobody"
          config {
            command = "/bin/proxy"
            args    = ["-c", "${NOMAD_SECRETS_DIR}/envoy_bootstrap.json"]
          }
          env {
            LEVEL = "debug"
          }
          resources {
            cpu    = 500
            memory = 64
          }
          meta {
            owner = "mesh"
          }
          logs {
            max_files     = 3
            max_file_size = 4
          }
          kill_timeout   = "9s"
          shutdown_delay = "0s"
          kill_signal    = "SIGINT"
        }
      }
    }

    service {
      name = "plain"
      port = 9090
    }

    task "server" {
      driver = "exec"
      user   = "www"
      config {
        command = "/bin/server"
      }
      env = {
        PORT = 8080
      }
      meta {
        built = "today"
      }
      resources {
        cpu    = 50
        memory = 32
      }
      logs {
        max_files = 5
      }
      kill_timeout   = "20s"
      shutdown_delay = "2s"
      kill_signal    = "SIGTERM"
      template {
        data        = "x"
        destination = "local/x"
      }
      service {
        name = "left to others"
      }
    }
  }
}
