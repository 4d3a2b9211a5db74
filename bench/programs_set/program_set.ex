defmodule ProgramSet do
  @moduledoc "The program set in Elixir, as one would write it by hand."

  def fib(n) when n < 2, do: n
  def fib(n), do: fib(n - 1) + fib(n - 2)

  defmodule Body do
    defstruct [:x, :y, :z, :vx, :vy, :vz, :mass]
  end

  def n_body(steps) do
    1..steps
    |> Enum.reduce(bodies(), fn _, bodies -> advance(bodies) end)
    |> Enum.reduce(0.0, fn b, sum -> sum + b.mass * (b.vx * b.vx + b.vy * b.vy + b.vz * b.vz) / 2 end)
  end

  defp advance(bodies) do
    bodies
    |> Enum.map(fn body ->
      Enum.reduce(bodies, body, fn other, each ->
        if other === body, do: each, else: pulled(each, other, 0.01)
      end)
    end)
    |> Enum.map(fn b -> %Body{b | x: b.x + 0.01 * b.vx, y: b.y + 0.01 * b.vy, z: b.z + 0.01 * b.vz} end)
  end

  defp pulled(body, other, dt) do
    dx = body.x - other.x
    dy = body.y - other.y
    dz = body.z - other.z
    distance = :math.sqrt(dx * dx + dy * dy + dz * dz)
    pull = other.mass * dt / (distance * distance * distance)
    %Body{body | vx: body.vx - dx * pull, vy: body.vy - dy * pull, vz: body.vz - dz * pull}
  end

  defp bodies do
    [
      %Body{x: 0.0, y: 0.0, z: 0.0, vx: 0.0, vy: 0.0, vz: 0.0, mass: 39.47},
      %Body{x: 4.84, y: -1.16, z: -0.10, vx: 0.60, vy: 2.81, vz: -0.02, mass: 0.037},
      %Body{x: 8.34, y: 4.12, z: -0.4, vx: -1.01, vy: 1.82, vz: 0.008, mass: 0.011},
      %Body{x: 12.89, y: -15.11, z: -0.22, vx: 1.08, vy: 0.86, vz: -0.01, mass: 0.0017},
      %Body{x: 15.37, y: -25.9, z: 0.179, vx: 0.97, vy: 0.59, vz: -0.034, mass: 0.002}
    ]
  end

  def binary_trees(depth), do: Enum.reduce(1..10, 0, fn _, sum -> sum + count(make(depth)) end)

  defp make(0), do: {nil, nil}
  defp make(depth), do: {make(depth - 1), make(depth - 1)}

  defp count({nil, _}), do: 1
  defp count({left, right}), do: 1 + count(left) + count(right)

  # Elixir has no indexed structure of its own: a map from index to flag, as its programs use it.
  def sieve(limit) do
    {_, count} =
      Enum.reduce(2..limit, {Map.new(2..limit, &{&1, true}), 0}, fn i, {flags, count} ->
        if Map.fetch!(flags, i), do: {strike(flags, i * i, i, limit), count + 1}, else: {flags, count}
      end)

    count
  end

  defp strike(flags, multiple, _, limit) when multiple > limit, do: flags
  defp strike(flags, multiple, i, limit), do: strike(Map.put(flags, multiple, false), multiple + i, i, limit)

  def dictionary_build(size) do
    squares = Enum.reduce(1..size, %{}, fn i, map -> Map.put(map, i, i * i) end)
    Enum.reduce(1..size, 0, fn i, sum -> sum + Map.fetch!(squares, i) end)
  end

  def string_building(size) do
    text = Enum.reduce(1..size, "", fn i, text -> text <> "item #{i}, " end)
    parts = Enum.map(1..size, fn i -> "item #{i}" end)
    byte_size(text) + byte_size(Enum.join(parts, ", ")) + length(String.split(text, ", "))
  end

  defmodule Node do
    use GenServer
    def init(_), do: {:ok, %{}}
    def handle_call({:connect, next, observer}, _, _), do: {:reply, :ok, %{next: next, observer: observer}}

    def handle_cast({:pass, 0}, state) do
      send(state.observer, :done)
      {:noreply, state}
    end

    def handle_cast({:pass, hops}, state) do
      GenServer.cast(state.next, {:pass, hops - 1})
      {:noreply, state}
    end
  end

  def actor_ring(hops) do
    nodes = for _ <- 1..100, do: elem(GenServer.start(Node, []), 1)
    [first | rest] = nodes
    Enum.zip(nodes, rest ++ [first]) |> Enum.each(fn {n, next} -> GenServer.call(n, {:connect, next, self()}) end)
    GenServer.cast(first, {:pass, hops})
    :program_set.await()
    Enum.each(nodes, &GenServer.stop/1)
    hops
  end
end
